using System.Runtime.InteropServices;
using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Bench;

/// <summary>The inputs that kern makes (same shapes, body and blobs of labels) and room for all results; all lie in arenas.</summary>
public sealed unsafe class Volumes : IDisposable
{
    public const int Nx = 512, Ny = 512, Nz = 300, Mx = 256, My = 256, Mz = 200, Classes = 14, Stored = 4096;
    public const long Native = (long)Nx * Ny * Nz, Grid = (long)Mx * My * Mz;
    private readonly List<Arena> arenas = [];

    public Volumes()
    {
        Ct = New<short>(Native);
        CtCopy = New<short>(Native);
        Floats = New<float>(Native);
        Scores = New<float>(Grid * Classes);
        GridFloats = New<float>(Grid);
        GridLabels = New<byte>(Grid);
        GridResult = New<byte>(Grid);
        Labels = New<byte>(Native);
        LabelsCopy = New<byte>(Native);
        Bits = New<byte>(Native / 8 * Classes);
        Rgb = New<byte>(Native * 3);
        (Alphas, Colours) = (New<float>(Stored), New<int>(Stored));
        (Tints, Visibility) = (New<int>(256), New<float>(256));
        Occupied = New<byte>(64 * 64 * 38);
        Reach = New<byte>(64 * 64 * 38);
        RowStarts = New<int>((Ny * Nz) + 1);
        Runs = New<ComponentRuns.Run>(Native / 8);
        Palette = New<int>(256);
        Fill();
    }

    public View<short> Ct { get; }

    public View<short> CtCopy { get; }

    public View<float> Floats { get; }

    public View<float> Scores { get; }

    public View<float> GridFloats { get; }

    public View<byte> GridLabels { get; }

    public View<byte> GridResult { get; }

    public View<byte> Labels { get; }

    public View<byte> LabelsCopy { get; }

    public View<byte> Bits { get; }

    public View<byte> Rgb { get; }

    /// <summary>kern's opacity, and grey, for each stored value.</summary>
    public View<float> Alphas { get; }

    public View<int> Colours { get; }

    /// <summary>Of labels.</summary>
    public View<int> Tints { get; }

    public View<float> Visibility { get; }

    public View<byte> Occupied { get; }

    public View<byte> Reach { get; }

    public View<int> RowStarts { get; }

    public View<ComponentRuns.Run> Runs { get; }

    public View<int> Palette { get; }

    public View<T> New<T>(long count)
        where T : unmanaged
    {
        Arena arena = Arena.OnHost((count * sizeof(T)) + (2 * Slack.Bytes) + 256).Value!;
        arenas.Add(arena);
        if (arena.TryTake(count, out ArenaPart<T> part) is { } refusal)
        {
            throw new InvalidOperationException(refusal.Text);
        }

        NativeMemory.Fill(part.Host, (nuint)(count * sizeof(T)), 1);
        return part.HostView;
    }

    public void Dispose()
    {
        foreach (Arena arena in arenas)
        {
            arena.Dispose();
        }
    }

    private void Fill()
    {
        Random random = new(1);
        for (long i = 0; i < Native; i++)
        {
            long x = i % Nx, y = i / Nx % Ny, z = i / Nx / Ny;
            int value = Ellipse((x - 256f) / 215, (y - 256f) / 154, 0) ? 1064 : 24;
            value = Ellipse((x - 180f) / 100, (y - 256f) / 87, (z - 120f) / 66) ? 1134 : value;
            value = Ellipse((x - 256f) / 25, (y - 358f) / 25, 0) ? 1600 : value;
            Ct[i] = (short)(value + random.Next(32));
        }

        for (long i = 0; i < Grid; i++)
        {
            for (int k = 0; k < Classes; k++)
            {
                bool one = k % 5 == (i >> 18) % 5;
                Scores[(k * Grid) + i] = one ? ((ulong)i * 2654435761 >> 8) % 1000 * 0.001f : 0;
            }

            GridLabels[i] = Label(i % Mx * 2, i / Mx % My * 2, i / Mx / My * 1.5f);
        }

        int[] colours =
        [
            0, 0xff, 0xff00, 0xff0000, 0xffff, 0xff00ff, 0xffff00, 0x80, 0x8000, 0x800000, 0x8080, 0x800080, 0x808000, 0x3264c8,
        ];
        for (int i = 0; i < 256; i++)
        {
            Palette[i] = i < colours.Length ? colours[i] : 0;
            Tints[i] = Palette[i] | 0x66 << 24;
            Visibility[i] = 1;
        }

        for (int value = 0; value < Stored; value++)
        {
            Alphas[value] = Math.Clamp((value - 1150) * 0.0005f, 0, 1);
            Colours[value] = Math.Min(value / 8, 255) * 0x010101;
        }
    }

    private static bool Ellipse(float a, float b, float c) => (a * a) + (b * b) + (c * c) < 1;

    /// <summary>13 labels in blobs of organ size.</summary>
    private static byte Label(float x, float y, float z)
    {
        if (!Ellipse((x - 256) / 215, (y - 256) / 154, 0))
        {
            return 0;
        }

        int label = 1 + ((((int)(x / 64) * 3) + ((int)(y / 64) * 5)) % 13);
        float dx = (x % 64) - 32, dy = (y % 64) - 32, dz = (z % 100) - 50;
        return (byte)((dx * dx) + (dy * dy) + (dz * dz * 0.4f) > 28 * 28 ? 0 : label);
    }
}
