//! One region of a picture anew: by flags, by the house and by a provider, and nothing outside of it.

use crate::peer::{Peer, Says};
use crate::studio::{Studio, said};
use serde_json::{Value, json};

fn pixels(studio: &Studio, file: &str) -> image::RgbImage {
    image::open(studio.path(file)).unwrap().into_rgb8()
}

fn board() -> Studio {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    studio
}

fn done(studio: &Studio, args: &[&str]) -> Value {
    let mut command = studio.command(["inpaint", "t", "storyboard/s01_020.png", "--json"]);
    said(command.args(args).output().unwrap()).exits(0).json()["result"].clone()
}

#[test]
fn outside_of_the_region_nothing_changes_and_the_record_proves_it() {
    let studio = board();
    let before = pixels(&studio, "runs/t/storyboard/s01_020.png");
    let (w, h) = before.dimensions();
    let said = done(
        &studio,
        &["--box", "0.5,0.25,0.25,0.5", "--prompt", "remove it"],
    );
    assert_eq!(said["take"], 2, "{said}");
    assert_eq!(
        said["proof"]["outside_before"],
        said["proof"]["outside_after"]
    );
    let after = pixels(&studio, "runs/t/storyboard/s01_020.png");
    let inside =
        |x: u32, y: u32| (w / 2..w * 3 / 4).contains(&x) && (h / 4..h * 3 / 4).contains(&y);
    for (x, y, pixel) in before.enumerate_pixels() {
        assert!(
            inside(x, y) || after.get_pixel(x, y) == pixel,
            "{x},{y} changed"
        );
    }
    let why = studio
        .run(["why", "t", "storyboard/s01_020.png", "--json"])
        .exits(0)
        .json();
    assert_eq!(why["result"]["provider"], "animatic fill", "{why}");
    // It is a person's choice now: nothing makes it again unasked, and the film shows it.
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), after);
    assert!(
        studio
            .read("runs/t/assets.yaml")
            .contains("still: assets/s01_020.png")
    );
    studio.run(["undo", "t", "storyboard"]).exits(0);
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), before);
}

#[test]
fn things_are_found_by_name_and_panels_are_drawn_again_by_words() {
    let studio = board();
    let before = pixels(&studio, "runs/t/storyboard/s01_020.png");
    let gone = done(&studio, &["--object", "letter", "--prompt", "remove it"]);
    assert_eq!(gone["by"], "animatic redraw", "{gone}");
    assert!(
        gone["proof"]["changed_pixels"].as_u64().unwrap() > 20,
        "{gone}"
    );
    studio.run(["undo", "t", "storyboard"]).exits(0);
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), before);
    let key = done(
        &studio,
        &["--ellipse", "40,20,80,50", "--prompt", "A key on the desk"],
    );
    assert_eq!(key["by"], "animatic redraw", "{key}");
    // Whoever draws the panels by now: the pencil is the house's, and nobody is asked.
    studio.run(["undo", "t", "storyboard"]).exits(0);
    let peer = Peer::start(|_, _| Says::Reply(500, "text/plain", Vec::new()));
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  peer: {{ kind: openai, base_url: \"{}\", models: {{ all: m }}, prices: {{ image: {{ per_image: 0.05 }} }} }}\nroles: {{ image: peer }}\n",
            peer.url()
        ),
    );
    let again = done(&studio, &["--object", "letter", "--prompt", "remove it"]);
    assert_eq!(again["by"], "animatic redraw", "{again}");
    assert!(peer.heard("").is_empty());
    let missing = studio
        .run([
            "inpaint",
            "t",
            "storyboard/s01_010.png",
            "--object",
            "dragon",
            "--prompt",
            "remove it",
        ])
        .exits(8);
    assert!(
        missing.err.contains("it shows") && missing.err.contains("anna"),
        "{}",
        missing.err
    );
}

#[test]
fn a_thing_is_drawn_where_it_is_wanted_and_nothing_is_no_take() {
    let studio = board();
    let panel = "runs/t/storyboard/s01_020.png";
    let before = pixels(&studio, panel);
    let region = ["--box", "0.05,0.1,0.25,0.4", "--feather", "0", "--prompt"];
    let with = |prompt: &str| {
        let mut command = studio.command(["inpaint", "t", "storyboard/s01_020.png"]);
        said(command.args(region).arg(prompt).output().unwrap())
    };
    with("a red balloon").exits(0);
    let (w, h) = before.dimensions();
    let [r, g, b] = pixels(&studio, panel).get_pixel(w * 17 / 100, h / 4).0;
    assert!(r > 120 && g < 110 && b < 110, "{r} {g} {b}");
    // Words that lead to nothing there leave the balloon, and make no take.
    let balloon = pixels(&studio, panel);
    with("a purple flurble").exits(69).says("flurble");
    assert_eq!(pixels(&studio, panel), balloon);
    let takes = studio.journal("t", "take");
    let mine = takes.iter().filter(|t| t["item"] == "s01_020");
    assert_eq!(mine.count(), 2);
    let log = studio.run(["log", "t"]).exits(0);
    assert!(
        log.out.contains("painted over: “a red balloon”"),
        "{}",
        log.out
    );
}

#[test]
fn what_cannot_be_painted_is_said_and_nothing_is_lost() {
    let studio = board();
    let before = studio.read("runs/t/journal.jsonl");
    for (args, code, says) in [
        (
            vec!["storyboard/s09_990.png", "--box", "0,0,9,9"],
            8,
            "no picture",
        ),
        (vec!["storyboard/s01_020.png"], 2, "which region"),
        (
            vec!["storyboard/s01_020.png", "--box", "1,2,3"],
            2,
            "x,y,w,h",
        ),
        (
            vec!["storyboard/s01_020.png", "--box", "900,900,9,9"],
            2,
            "160x90",
        ),
        (
            vec!["storyboard/s01_020.png", "--polygon", "1,1 2,2"],
            2,
            "three corners",
        ),
        (
            vec!["storyboard/s01_020.png", "--mask", "notes.txt"],
            65,
            "no picture",
        ),
        (
            vec![
                "references/anna.png",
                "--box",
                "9,9,90,90",
                "--prompt",
                "a scar",
            ],
            69,
            "inpaint",
        ),
    ] {
        studio.put("notes.txt", "no picture");
        let mut command = studio.command(["inpaint", "t"]);
        let told = said(command.args(&args).output().unwrap()).exits(code);
        assert!(told.err.contains(says), "{args:?}: {}", told.err);
    }
    assert_eq!(studio.read("runs/t/journal.jsonl"), before);
}

#[test]
fn a_provider_paints_inside_of_a_mask_and_is_cut_to_it() {
    let studio = board();
    let peer = Peer::start(|request, _| {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        assert!(
            form.contains("mask.png") && form.contains("a red door"),
            "{form:.300}"
        );
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(1536, 1024, image::Rgb([200, 10, 10]))
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let answer = json!({"data": [{"b64_json": base64(png.get_ref())}]});
        Says::Reply(200, "application/json", answer.to_string().into_bytes())
    });
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  peer: {{ kind: openai, base_url: \"{}\", models: {{ all: m }}, sizes: [1536x1024], prices: {{ inpaint: {{ per_image: 0.05 }} }} }}\nroles: {{ inpaint: peer }}\n",
            peer.url()
        ),
    );
    let marks =
        image::GrayImage::from_fn(160, 90, |x, _| image::Luma([if x < 40 { 255 } else { 0 }]));
    marks.save(studio.path("mask.png")).unwrap();
    let before = pixels(&studio, "runs/t/storyboard/s01_020.png");
    let painted = done(
        &studio,
        &[
            "--mask",
            "mask.png",
            "--prompt",
            "a red door",
            "--feather",
            "0",
        ],
    );
    assert_eq!(painted["by"], "peer", "{painted}");
    let after = pixels(&studio, "runs/t/storyboard/s01_020.png");
    assert_eq!(after.get_pixel(10, 40).0, [200, 10, 10]);
    for (x, y, pixel) in before.enumerate_pixels().filter(|(x, ..)| *x >= 40) {
        assert_eq!(after.get_pixel(x, y), pixel);
    }
    let cost = studio.run(["cost", "t", "--json"]).exits(0).json();
    assert_eq!(cost["result"]["spent"], "0.05", "{cost}");
}

#[test]
fn what_an_editor_put_there_meanwhile_is_not_painted_away() {
    let studio = board();
    let panel = studio.path("runs/t/storyboard/s01_020.png");
    let grey = || image::RgbImage::from_pixel(160, 90, image::Rgb([99, 99, 99]));
    let place = panel.clone();
    let peer = Peer::start(move |_, _| {
        // While the provider paints, somebody replaces the panel.
        grey().save(&place).unwrap();
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(1536, 1024, image::Rgb([200, 10, 10]))
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let answer = json!({"data": [{"b64_json": base64(png.get_ref())}]});
        Says::Reply(200, "application/json", answer.to_string().into_bytes())
    });
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  peer: {{ kind: openai, base_url: \"{}\", models: {{ all: m }}, sizes: [1536x1024], prices: free }}\nroles: {{ inpaint: peer }}\n",
            peer.url()
        ),
    );
    let image = "storyboard/s01_020.png";
    let args = [
        "inpaint",
        "t",
        image,
        "--box",
        "0,0,0.2,1",
        "--prompt",
        "red",
    ];
    studio
        .run(args)
        .exits(0)
        .says("was changed while it was painted over")
        .says("to have it: greenlight take pick")
        .says("take pick t storyboard s01_020 2");
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), grey());
    // What was painted is kept, and can be had.
    studio
        .run(["take", "pick", "t", "storyboard", "s01_020", "2"])
        .exits(0);
    let now = pixels(&studio, "runs/t/storyboard/s01_020.png");
    assert_eq!(now.get_pixel(10, 40).0, [200, 10, 10]);
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Asks the page something as a browser would; returns status and body.
fn http(port: u16, head: &str, body: &str) -> (u16, Vec<u8>) {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "{head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let text = String::from_utf8_lossy(&all).into_owned();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let at = all.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    (status, all[at + 4..].to_vec())
}

#[test]
fn a_page_of_this_machine_paints_and_is_gone_when_it_is_done() {
    use std::io::{BufRead, BufReader};
    let studio = board();
    let before = pixels(&studio, "runs/t/storyboard/s01_020.png");
    let mut child = studio
        .command([
            "inpaint",
            "t",
            "storyboard/s01_020.png",
            "--paint",
            "--prompt",
            "remove it",
        ])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    talk.read_line(&mut line).unwrap();
    let url = line
        .trim()
        .strip_prefix("paint at http://")
        .unwrap()
        .to_owned();
    let (host, path) = url.split_once('/').unwrap();
    let port: u16 = host.split_once(':').unwrap().1.parse().unwrap();
    assert!(host.starts_with("127.0.0.1:") && path.len() > 20, "{url}");
    let get = |path: &str| http(port, &format!("GET /{path} HTTP/1.1\r\nhost: {host}"), "");
    let post = |what: &str, body: &str, origin: &str| {
        let head = format!(
            "POST /{path}{what} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncontent-type: application/json"
        );
        http(port, &head, body)
    };
    let ours = format!("http://{host}");
    let page = get(path);
    assert_eq!(page.0, 200);
    assert!(String::from_utf8_lossy(&page.1).contains("canvas"));
    // Who does not know the address, calls it by another name or comes from another page gets nothing.
    assert_eq!(get("").0, 404);
    assert_eq!(get("x/state").0, 404);
    let elsewhere = format!("GET /{path}state HTTP/1.1\r\nhost: evil.example");
    assert_eq!(http(port, &elsewhere, "").0, 403);
    assert_eq!(post("done", "{}", "http://evil.example").0, 403);
    let state: Value = serde_json::from_slice(&get(&format!("{path}state")).1).unwrap();
    assert_eq!(
        (&state["width"], &state["take"]),
        (&json!(160), &json!(1)),
        "{state}"
    );
    assert!(get(&format!("{path}picture/1")).1.starts_with(b"\x89PNG"));
    let marks = image::GrayImage::from_fn(160, 90, |x, y| {
        image::Luma([if x > 100 && y > 50 { 255 } else { 0 }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    marks.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mask = format!("data:image/png;base64,{}", base64(png.get_ref()));
    let wish = json!({"mask": mask, "prompt": "remove it", "feather": 2}).to_string();
    let (status, said) = post("apply", &wish, &ours);
    let painted: Value = serde_json::from_slice(&said).unwrap();
    assert_eq!((status, &painted["take"]), (200, &json!(2)), "{painted}");
    let after = pixels(&studio, "runs/t/storyboard/s01_020.png");
    for (x, y, pixel) in before
        .enumerate_pixels()
        .filter(|(x, y, _)| *x <= 100 || *y <= 50)
    {
        assert_eq!(after.get_pixel(x, y), pixel);
    }
    // What cannot be done is said, and the page stays.
    let empty = json!({"mask": "data:image/png;base64,AAAA"}).to_string();
    assert_eq!(post("apply", &empty, &ours).0, 422);
    let back: Value = serde_json::from_slice(&post("pick", "{\"take\":1}", &ours).1).unwrap();
    assert_eq!(back["take"], 1, "{back}");
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), before);
    assert_eq!(post("done", "{}", &ours).0, 200);
    assert!(child.wait().unwrap().success());
    assert!(
        std::net::TcpStream::connect(("127.0.0.1", port)).is_err(),
        "it is gone"
    );
}

#[test]
fn the_page_of_a_review_answers_while_a_provider_takes_its_time() {
    use std::io::{BufRead, BufReader};
    use std::sync::{Mutex, mpsc};
    use std::time::Duration;
    let studio = board();
    let (asked, was_asked) = mpsc::channel::<()>();
    let (let_go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let peer = Peer::start(move |request, _| {
        asked.send(()).unwrap();
        // A test that failed lets go too.
        let _ = wait.lock().unwrap().recv_timeout(Duration::from_secs(20));
        crate::peer::drawn(request)
    });
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  {}: {{ kind: openai, base_url: \"{}\", models: {{ all: m }}, prices: {{ inpaint: {{ per_image: 0.01 }} }} }}\nroles: {{ inpaint: {} }}\n",
            peer.name(), peer.url(), peer.name()
        ),
    );
    let mut child = studio
        .command(["review", "t", "--serve"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    talk.read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("review at http://").expect(&line);
    let (host, path) = url.split_once('/').unwrap();
    let port: u16 = host.split_once(':').unwrap().1.parse().unwrap();
    let said =
        |(status, body): (u16, Vec<u8>)| (status, serde_json::from_slice::<Value>(&body).unwrap());
    let get = |what: &str| {
        let head = format!("GET /{path}{what} HTTP/1.1\r\nhost: {host}");
        said(http(port, &head, ""))
    };
    let post = |what: &str, body: &str| {
        let head = format!(
            "POST /{path}{what} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json"
        );
        said(http(port, &head, body))
    };
    let marks = image::GrayImage::from_pixel(160, 90, image::Luma([255]));
    let mut png = std::io::Cursor::new(Vec::new());
    marks.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mask = format!("data:image/png;base64,{}", base64(png.get_ref()));
    let brush = json!({"mask": mask, "prompt": "a red door"}).to_string();
    std::thread::scope(|scope| {
        let painting = scope.spawn(|| post("paint/storyboard/s01_020/apply", &brush));
        was_asked.recv().unwrap();
        let (status, state) = get("state");
        assert_eq!(
            (status, &state["making"]),
            (200, &json!("a picture")),
            "{state}"
        );
        assert_eq!(get("paint/storyboard/s01_010/state").0, 200);
        // One thing at a time is made, and which is said.
        for what in ["go", "paint/storyboard/s01_010/apply"] {
            let (status, refused) = post(what, &brush);
            assert_eq!(status, 422);
            assert!(
                refused["error"].as_str().unwrap().contains("being painted"),
                "{refused}"
            );
        }
        // Everything else is answered as ever.
        assert_eq!(get("difference/storyboard/1/now").0, 200);
        let_go.send(()).unwrap();
        let (status, painted) = painting.join().unwrap();
        assert_eq!((status, &painted["take"]), (200, &json!(2)), "{painted}");
    });
    assert_eq!(get("paint/storyboard/s01_020/state").1["take"], 2);
    assert_eq!(get("state").1["going"], false);
    assert_eq!(post("done", "{}").0, 200);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_still_the_camera_films_is_painted_over_too() {
    let studio = board();
    let own = image::RgbImage::from_fn(160, 90, |x, y| {
        let lit = (x / 10 + y / 10) % 2 == 0;
        image::Rgb([x as u8, y as u8 * 2, if lit { 200 } else { 20 }])
    });
    own.save(studio.path("runs/t/storyboard/s01_020.png"))
        .unwrap();
    studio
        .run(["run", "t", "--yes-through", "storyboard"])
        .exits(3);
    let file = "runs/t/assets/s01_020.png";
    let before = pixels(&studio, file);
    let said = studio
        .run([
            "inpaint",
            "t",
            "assets/s01_020.png",
            "--box",
            "0.5,0.2,0.3,0.5",
            "--prompt",
            "remove it",
            "--feather",
            "0",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(said["result"]["stage"], "assets", "{said}");
    let after = pixels(&studio, file);
    assert_ne!(before, after);
    for (x, y, pixel) in before.enumerate_pixels() {
        if !(80..128).contains(&x) || !(18..63).contains(&y) {
            assert_eq!(after.get_pixel(x, y), pixel, "{x} {y}");
        }
    }
    // The board keeps its own, the film is cut with the new one, and it can be taken back.
    assert_eq!(pixels(&studio, "runs/t/storyboard/s01_020.png"), own);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(pixels(&studio, file), after);
    studio.run(["undo", "t", "assets"]).exits(0);
    assert_eq!(pixels(&studio, file), before);
    // What the house films in layers is no flat picture.
    studio
        .run(["inpaint", "t", "assets/s01_010.png", "--box", "0,0,1,1"])
        .exits(8);
}
