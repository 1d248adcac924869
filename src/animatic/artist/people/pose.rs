//! What a body does and what a face says, in numbers.

/// lean, bend, neck, head, near arm, far arm, near leg, far leg.
pub(in crate::animatic::artist) struct Pose {
    pub(in crate::animatic::artist) lean: f32,
    pub(in crate::animatic::artist) bend: f32,
    pub(in crate::animatic::artist) neck: f32,
    pub(in crate::animatic::artist) head: f32,
    pub(in crate::animatic::artist) arm: [f32; 2],
    pub(in crate::animatic::artist) far_arm: [f32; 2],
    pub(in crate::animatic::artist) leg: [f32; 2],
    pub(in crate::animatic::artist) far_leg: [f32; 2],
    pub(in crate::animatic::artist) seated: bool,
}

pub(in crate::animatic::artist) const fn pose(
    body: [f32; 4],
    arm: [f32; 2],
    far_arm: [f32; 2],
    leg: [f32; 2],
    far_leg: [f32; 2],
    seated: bool,
) -> Pose {
    Pose {
        lean: body[0],
        bend: body[1],
        neck: body[2],
        head: body[3],
        arm,
        far_arm,
        leg,
        far_leg,
        seated,
    }
}

/// Whether a pose is one of somebody who sits, and needs something to sit on.
pub(in crate::animatic::artist) fn sits(name: &str) -> bool {
    matches!(name, "sit" | "read" | "type" | "slump") || name.starts_with("sit_")
}

/// A pose by its name; `sit_reach` is the legs of `sit`, and of `reach` all else.
pub(in crate::animatic::artist) fn posed(name: &str) -> Pose {
    let Some(upper) = name.strip_prefix("sit_") else {
        return whole(name);
    };
    let (sit, upper) = (whole("sit"), whole(upper));
    Pose {
        leg: sit.leg,
        far_leg: sit.far_leg,
        seated: true,
        ..upper
    }
}

fn whole(name: &str) -> Pose {
    match name {
        "walk" => pose(
            [4., 2., 4., 0.],
            [28., 22.],
            [-26., 16.],
            [-24., 16.],
            [27., 4.],
            false,
        ),
        "run" => pose(
            [15., 5., 2., -6.],
            [48., 85.],
            [-48., 75.],
            [-30., 70.],
            [58., 62.],
            false,
        ),
        "sit" => pose(
            [-4., 6., 4., 2.],
            [18., 48.],
            [24., 44.],
            [84., 82.],
            [90., 96.],
            true,
        ),
        "type" => pose(
            [6., 8., 8., 8.],
            [26., 66.],
            [36., 58.],
            [82., 86.],
            [88., 70.],
            true,
        ),
        "read" => pose(
            [-6., 10., 12., 18.],
            [20., 96.],
            [30., 88.],
            [84., 80.],
            [92., 98.],
            true,
        ),
        // Seen from behind, arms at both sides.
        "away" => pose(
            [0., 1., 2., 0.],
            [-14., 12.],
            [14., 8.],
            [-7., 2.],
            [8., 4.],
            false,
        ),
        // A book before one who stands.
        "study" => pose(
            [-3., 4., 10., 16.],
            [20., 92.],
            [30., 84.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        "slump" => pose(
            [16., 30., 26., 30.],
            [28., 140.],
            [-10., 168.],
            [80., 78.],
            [88., 92.],
            true,
        ),
        "phone" => pose(
            [-2., 3., 3., 8.],
            [66., 132.],
            [8., 14.],
            [-5., 0.],
            [9., 4.],
            false,
        ),
        "point" => pose(
            [5., 0., 2., -2.],
            [-14., 20.],
            [86., 4.],
            [-14., 2.],
            [16., 6.],
            false,
        ),
        // A hand over the eyes.
        "shade" => pose(
            [0., 0., 0., -4.],
            [76., 126.],
            [8., 14.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        "reach" => pose(
            [6., 3., 2., 0.],
            [-4., 18.],
            [34., 50.],
            [-16., 4.],
            [20., 14.],
            false,
        ),
        "carry" => pose(
            [-6., 2., 3., 2.],
            [14., 74.],
            [22., 66.],
            [-8., 4.],
            [10., 8.],
            false,
        ),
        // Round the other's back.
        "embrace" => pose(
            [5., 4., 6., 6.],
            [28., 84.],
            [36., 70.],
            [-6., 2.],
            [9., 4.],
            false,
        ),
        "crossed" => pose(
            [-3., 2., 2., 0.],
            [10., 88.],
            [8., 96.],
            [-7., 0.],
            [9., 2.],
            false,
        ),
        "hips" => pose(
            [-3., -2., 2., -3.],
            [-52., 82.],
            [48., -78.],
            [-12., 0.],
            [13., 2.],
            false,
        ),
        "cheer" => pose(
            [-5., -8., -6., -12.],
            [-150., -14.],
            [152., 14.],
            [-12., 2.],
            [15., 4.],
            false,
        ),
        "kneel" => pose(
            [8., 6., 8., 12.],
            [24., 40.],
            [40., 36.],
            [-4., 86.],
            [88., 92.],
            true,
        ),
        "talk" => pose(
            [1., 3., 4., 0.],
            [-4., 20.],
            [24., 68.],
            [-6., 0.],
            [9., 3.],
            false,
        ),
        "climb" => pose(
            [10., 4., 2., -10.],
            [150., 10.],
            [112., 40.],
            [58., 84.],
            [-6., 6.],
            false,
        ),
        "drive" => pose(
            [-6., 6., 6., 2.],
            [62., 18.],
            [70., 14.],
            [80., 50.],
            [86., 54.],
            true,
        ),
        // Legs stretched out before one, in a car.
        "wheel" => pose(
            [-6., 6., 6., 2.],
            [56., 24.],
            [64., 18.],
            [84., 6.],
            [88., 8.],
            true,
        ),
        "ride" => pose(
            [6., 4., 4., 0.],
            [40., 46.],
            [50., 36.],
            [46., 52.],
            [56., 50.],
            true,
        ),
        "push" => pose(
            [26., 4., 2., -8.],
            [70., 8.],
            [78., 6.],
            [-30., 10.],
            [34., 22.],
            false,
        ),
        "drink" => pose(
            [-4., 2., 0., -6.],
            [30., 118.],
            [8., 14.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        "wave" => pose(
            [0., 2., 2., -2.],
            [-8., 14.],
            [88., 78.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        "play" => pose(
            [2., 4., 8., 12.],
            [14., 96.],
            [48., 66.],
            [-8., 2.],
            [10., 4.],
            false,
        ),
        "sing" => pose(
            [-2., -2., 0., -8.],
            [38., 112.],
            [-28., 18.],
            [-8., 0.],
            [10., 3.],
            false,
        ),
        "dance" => pose(
            [-8., 6., 2., -4.],
            [-96., -36.],
            [120., 30.],
            [-18., 10.],
            [42., 60.],
            false,
        ),
        "throw" => pose(
            [-12., -6., 4., 0.],
            [-128., -40.],
            [80., 10.],
            [-30., 12.],
            [36., 14.],
            false,
        ),
        "fight" => pose(
            [10., 6., 4., 4.],
            [60., 86.],
            [84., 56.],
            [-26., 14.],
            [34., 22.],
            false,
        ),
        "crouch" => pose(
            [26., 10., 2., -12.],
            [40., 40.],
            [56., 34.],
            [66., 112.],
            [84., 104.],
            false,
        ),
        "fall" => pose(
            [48., 12., 8., 8.],
            [84., 12.],
            [104., 8.],
            [-14., 40.],
            [58., 78.],
            false,
        ),
        "lean" => pose(
            [18., 5., 4., 0.],
            [44., 40.],
            [54., 30.],
            [-12., 4.],
            [10., 4.],
            false,
        ),
        "up" => pose(
            [-4., -5., -8., -20.],
            [-8., 14.],
            [8., 18.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        "kick" => pose(
            [-14., 2., 4., -2.],
            [-40., 40.],
            [44., 50.],
            [-6., 6.],
            [82., 12.],
            false,
        ),
        // Head first.
        "dive" => pose(
            [62., 6., -6., -10.],
            [150., 6.],
            [160., 4.],
            [-40., 10.],
            [-30., 14.],
            false,
        ),
        // Along the water, an arm out ahead.
        "swim" => pose(
            [62., 4., -26., -24.],
            [118., 20.],
            [-20., 10.],
            [-82., 8.],
            [-76., 14.],
            true,
        ),
        // Upright in it.
        "tread" => pose(
            [8., 2., 2., -6.],
            [-40., -30.],
            [98., 12.],
            [-10., 20.],
            [14., 26.],
            false,
        ),
        // On hands and knees.
        "crawl" => pose(
            [74., 6., -30., -30.],
            [8., 10.],
            [26., 14.],
            [4., 92.],
            [24., 96.],
            false,
        ),
        // Hands busy on a table before one who stands.
        "work" => pose(
            [6., 8., 10., 14.],
            [26., 56.],
            [38., 44.],
            [-4., 0.],
            [8., 4.],
            false,
        ),
        "toast" => pose(
            [-3., 0., 0., -6.],
            [-6., 16.],
            [46., 112.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
        // On the floor, knees drawn up.
        "floor" => pose(
            [-10., 10., 8., 8.],
            [38., 34.],
            [46., 30.],
            [124., 112.],
            [116., 96.],
            true,
        ),
        "backseat" => pose(
            [-4., 6., 4., 2.],
            [18., 48.],
            [24., 44.],
            [84., 82.],
            [90., 96.],
            true,
        ),
        // One hand in the other's, and an arm around them.
        "waltz" => pose(
            [0., 0., 2., 0.],
            [52., 70.],
            [44., 118.],
            [-10., 8.],
            [16., 10.],
            false,
        ),
        // Upright in bed, legs along it.
        "abed" => pose(
            [-22., 4., 10., 6.],
            [30., 40.],
            [38., 36.],
            [88., 2.],
            [92., 4.],
            true,
        ),
        "lie" => pose(
            [-86., 4., 0., 2.],
            [68., 20.],
            [76., 14.],
            [86., 4.],
            [96., 24.],
            true,
        ),
        _ => pose(
            [0., 2., 4., 0.],
            [-8., 14.],
            [6., 16.],
            [-4., 0.],
            [7., 3.],
            false,
        ),
    }
}

/// brow in, brow out, knit, lid, low lid, mouth, open, width, gaze x, gaze y, tilt.
pub(in crate::animatic::artist) fn face(name: &str) -> [f32; 11] {
    match name {
        "happy" => [
            0.25, 0.35, 0.0, 0.62, 0.45, 0.95, 0.45, 1.25, 0.25, 0.0, -3.0,
        ],
        "sad" | "crying" => [
            0.95, -0.55, 0.45, 0.55, 0.10, -0.42, 0.0, 0.90, 0.1, 0.55, 7.0,
        ],
        "angry" => [
            -0.95, 0.45, 1.0, 0.62, 0.40, -0.50, 0.0, 0.95, 0.35, 0.0, 4.0,
        ],
        "afraid" => [
            1.0, 0.10, 0.70, 1.20, -0.10, -0.45, 0.35, 1.05, 0.6, 0.0, -3.0,
        ],
        "surprised" => [1.1, 1.1, 0.0, 1.25, -0.15, 0.0, 0.85, 0.62, 0.25, 0.0, -4.0],
        "asleep" => [0.1, 0.1, 0.0, 0.02, 0.0, 0.05, 0.0, 0.9, 0.25, 0.0, 4.0],
        "thoughtful" => [
            0.25, 0.55, 0.15, 0.70, 0.05, 0.12, 0.0, 0.72, 0.75, -0.8, -6.0,
        ],
        _ => [0.0, 0.0, 0.0, 0.80, 0.0, 0.05, 0.0, 1.0, 0.25, 0.0, 0.0],
    }
}
