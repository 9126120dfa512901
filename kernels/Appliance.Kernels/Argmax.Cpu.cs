#if !GPU
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Appliance.Kernels;

/// <content>32 voxels at once: two cache lines of each class, and whole vectors of labels.</content>
public static partial class Argmax
{
    public unsafe partial struct Labels : ICpuKernel
    {
        public readonly void Tuned(int width, int height, int zFrom, int zTo)
        {
            if (width != Width || height != Height)
            {
                CpuLaunch.Lanes(this, width, height, zFrom, zTo);
                return;
            }

            // Rows follow each other without a gap, so a plane is one long row.
            int plane = Width * Height;
            Labels line = this;
            (line.Width, line.Height) = (plane, 1);
            for (int z = zFrom; z < zTo; z++)
            {
                int x = 0;
                for (; x <= plane - 32; x += 32)
                {
                    Winners(((long)z * plane) + x);
                }

                for (; x < plane; x++)
                {
                    line.Run<OneFloat, OneInt, OneMask>(x, 0, z);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Winners(long at)
        {
            float* scores = Source.Pointer + at;
            Vector256<float> a = Vector256.Load(scores), b = Vector256.Load(scores + 8);
            Vector256<float> c = Vector256.Load(scores + 16), d = Vector256.Load(scores + 24);
            Vector256<int> wa = default, wb = default, wc = default, wd = default;
            for (int k = 1; k < Classes; k++)
            {
                scores += ClassStride;
                Vector256<int> label = Vector256.Create(k);
                Vector256<float> sa = Vector256.Load(scores), sb = Vector256.Load(scores + 8);
                Vector256<float> sc = Vector256.Load(scores + 16), sd = Vector256.Load(scores + 24);
                wa = Vector256.ConditionalSelect(Vector256.LessThan(a, sa).AsInt32(), label, wa);
                wb = Vector256.ConditionalSelect(Vector256.LessThan(b, sb).AsInt32(), label, wb);
                wc = Vector256.ConditionalSelect(Vector256.LessThan(c, sc).AsInt32(), label, wc);
                wd = Vector256.ConditionalSelect(Vector256.LessThan(d, sd).AsInt32(), label, wd);
                a = Vector256.MaxNative(sa, a);
                b = Vector256.MaxNative(sb, b);
                c = Vector256.MaxNative(sc, c);
                d = Vector256.MaxNative(sd, d);
            }

            EightInt.Store(Target, at, new EightInt(wa));
            EightInt.Store(Target, at + 8, new EightInt(wb));
            EightInt.Store(Target, at + 16, new EightInt(wc));
            EightInt.Store(Target, at + 24, new EightInt(wd));
        }
    }
}
#endif
