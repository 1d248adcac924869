//! Sixteen whole numbers at a time, in the widest way this machine has. Every way gives the same bits.

/// How many numbers go together.
pub(super) const LANES: usize = 16;

/// A way to work on sixteen numbers at once.
pub(super) trait Lanes: Copy {
    type V: Copy;

    fn all(self, v: i16) -> Self::V;
    fn load(self, v: &[i16; LANES]) -> Self::V;
    fn store(self, v: Self::V, to: &mut [i16; LANES]);
    /// Bytes, each times 128.
    fn bytes(self, v: &[u8; LANES]) -> Self::V;
    /// Thirty-seconds to bytes, rounded and kept in range.
    fn pack(self, v: Self::V, to: &mut [u8; LANES]);
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a` times `b` of 32768 parts, rounded.
    fn scaled(self, a: Self::V, b: Self::V) -> Self::V;
    fn left<const N: i32>(self, v: Self::V) -> Self::V;
    fn right<const N: i32>(self, v: Self::V) -> Self::V;
    fn within(self, v: Self::V, low: i16, high: i16) -> Self::V;
}

/// Something to be done in whichever way is the widest.
pub(super) trait Work {
    fn with<L: Lanes>(self, lanes: L);
}

/// Does the work in the widest way this machine has.
pub(super) fn run(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if let Some(v3) = pulp::x86::V3::try_new() {
        return pulp::Simd::vectorize(v3, wide::Call(v3, work));
    }
    work.with(Plain);
}

/// One after the other, as any machine can; compilers make vectors of it where they see how.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Lanes for Plain {
    type V = [i16; LANES];

    #[inline(always)]
    fn all(self, v: i16) -> Self::V {
        [v; LANES]
    }

    #[inline(always)]
    fn load(self, v: &[i16; LANES]) -> Self::V {
        *v
    }

    #[inline(always)]
    fn store(self, v: Self::V, to: &mut [i16; LANES]) {
        *to = v;
    }

    #[inline(always)]
    fn bytes(self, v: &[u8; LANES]) -> Self::V {
        v.map(|v| i16::from(v) << 7)
    }

    #[inline(always)]
    fn pack(self, v: Self::V, to: &mut [u8; LANES]) {
        *to = v.map(|v| (v.wrapping_add(16) >> 5).clamp(0, 255) as u8);
    }

    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        std::array::from_fn(|i| a[i].wrapping_add(b[i]))
    }

    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        std::array::from_fn(|i| a[i].wrapping_sub(b[i]))
    }

    #[inline(always)]
    fn scaled(self, a: Self::V, b: Self::V) -> Self::V {
        std::array::from_fn(|i| {
            (((i32::from(a[i]) * i32::from(b[i])) >> 14).wrapping_add(1) >> 1) as i16
        })
    }

    #[inline(always)]
    fn left<const N: i32>(self, v: Self::V) -> Self::V {
        v.map(|v| v << N)
    }

    #[inline(always)]
    fn right<const N: i32>(self, v: Self::V) -> Self::V {
        v.map(|v| v >> N)
    }

    #[inline(always)]
    fn within(self, v: Self::V, low: i16, high: i16) -> Self::V {
        v.map(|v| v.clamp(low, high))
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::{LANES, Lanes, Work};
    use pulp::x86::V3;
    use std::arch::x86_64::{__m128i, __m256i};

    pub(super) struct Call<W>(pub(super) V3, pub(super) W);

    impl<W: Work> pulp::NullaryFnOnce for Call<W> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            self.1.with(self.0);
        }
    }

    // The arrays are as long as what is read and written, and no alignment is asked for.

    #[inline(always)]
    #[expect(
        unsafe_code,
        reason = "a load through a reference to an array of the same size"
    )]
    fn read(v3: V3, from: &[i16; LANES]) -> __m256i {
        unsafe { v3.avx._mm256_loadu_si256(from.as_ptr().cast()) }
    }

    #[inline(always)]
    #[expect(
        unsafe_code,
        reason = "a load through a reference to an array of the same size"
    )]
    fn read_bytes(v3: V3, from: &[u8; LANES]) -> __m128i {
        unsafe { v3.sse2._mm_loadu_si128(from.as_ptr().cast()) }
    }

    #[inline(always)]
    #[expect(
        unsafe_code,
        reason = "a store through a reference to an array of the same size"
    )]
    fn write(v3: V3, v: __m256i, to: &mut [i16; LANES]) {
        unsafe { v3.avx._mm256_storeu_si256(to.as_mut_ptr().cast(), v) }
    }

    #[inline(always)]
    #[expect(
        unsafe_code,
        reason = "a store through a reference to an array of the same size"
    )]
    fn write_bytes(v3: V3, v: __m128i, to: &mut [u8; LANES]) {
        unsafe { v3.sse2._mm_storeu_si128(to.as_mut_ptr().cast(), v) }
    }

    impl Lanes for V3 {
        type V = __m256i;

        #[inline(always)]
        fn all(self, v: i16) -> __m256i {
            self.avx._mm256_set1_epi16(v)
        }

        #[inline(always)]
        fn load(self, v: &[i16; LANES]) -> __m256i {
            read(self, v)
        }

        #[inline(always)]
        fn store(self, v: __m256i, to: &mut [i16; LANES]) {
            write(self, v, to);
        }

        #[inline(always)]
        fn bytes(self, v: &[u8; LANES]) -> __m256i {
            let v = self.avx2._mm256_cvtepu8_epi16(read_bytes(self, v));
            self.avx2._mm256_slli_epi16::<7>(v)
        }

        #[inline(always)]
        fn pack(self, v: __m256i, to: &mut [u8; LANES]) {
            let half = self.avx._mm256_set1_epi16(16);
            let v = self
                .avx2
                ._mm256_srai_epi16::<5>(self.avx2._mm256_add_epi16(v, half));
            let low = self.avx._mm256_castsi256_si128(v);
            let high = self.avx2._mm256_extracti128_si256::<1>(v);
            let packed = self.sse2._mm_packus_epi16(low, high);
            write_bytes(self, packed, to);
        }

        #[inline(always)]
        fn add(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_add_epi16(a, b)
        }

        #[inline(always)]
        fn sub(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_sub_epi16(a, b)
        }

        #[inline(always)]
        fn scaled(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_mulhrs_epi16(a, b)
        }

        #[inline(always)]
        fn left<const N: i32>(self, v: __m256i) -> __m256i {
            self.avx2._mm256_slli_epi16::<N>(v)
        }

        #[inline(always)]
        fn right<const N: i32>(self, v: __m256i) -> __m256i {
            self.avx2._mm256_srai_epi16::<N>(v)
        }

        #[inline(always)]
        fn within(self, v: __m256i, low: i16, high: i16) -> __m256i {
            let (low, high) = (self.all(low), self.all(high));
            self.avx2
                ._mm256_min_epi16(self.avx2._mm256_max_epi16(v, low), high)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Try<'a>(
        [i16; LANES],
        [i16; LANES],
        [u8; LANES],
        &'a mut Vec<[i16; LANES]>,
    );

    impl Work for Try<'_> {
        fn with<L: Lanes>(self, l: L) {
            let (a, b, c) = (l.load(&self.0), l.load(&self.1), l.bytes(&self.2));
            for v in [
                l.add(a, b),
                l.sub(a, b),
                l.scaled(a, b),
                l.left::<2>(a),
                l.right::<6>(a),
                l.within(a, -5, 900),
                c,
            ] {
                let mut out = [0; LANES];
                l.store(v, &mut out);
                self.3.push(out);
            }
            let mut out = [0; LANES];
            l.pack(a, &mut out);
            self.3.push(out.map(i16::from));
        }
    }

    proptest! {
        #[test]
        fn every_way_gives_the_same(a in any::<[i16; LANES]>(), b in any::<[i16; LANES]>(), c in any::<[u8; LANES]>()) {
            let (mut here, mut plain) = (Vec::new(), Vec::new());
            run(Try(a, b, c, &mut here));
            Try(a, b, c, &mut plain).with(Plain);
            prop_assert_eq!(here, plain);
        }
    }
}
