using System.Globalization;
using System.Runtime.InteropServices;
using Appliance.Phantom.Anatomy;
using Appliance.Phantom.Scan;
using Xunit;

namespace Appliance.Tests.Phantom;

/// <summary>The judge is the phantom on which the network was trained and measured: same random draws, same voxels.</summary>
public sealed class AnatomyAgainstReferenceTests
{
    [Theory]
    [InlineData(910000)]
    [InlineData(910004)]
    [InlineData(920017)]
    [InlineData(930021)]
    public void With_the_same_random_draws_the_anatomy_is_the_reference_voxel_by_voxel(int seed)
    {
        string reference = Ground.InShared("reference/model-example/phantom.py");
        using PassingFolder folder = new();
        Ground.RunPython("recorded.py", reference, seed.ToString(CultureInfo.InvariantCulture), folder.FullName);
        double[] draws = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder.File("draws.f64"))).ToArray();
        byte[] labels = File.ReadAllBytes(folder.File("labels.u8"));
        float[] hu = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.File("hu.f32"))).ToArray();

        int used = 0;
        double Next() => draws[used++];
        RandomStream random = new(Next, Next);
        Torso torso = Torso.Grow(random, Lattice.RandomSlab(random), OrganSizes.Reference);
        TissueValues values = TissueValues.Draw(random);
        float[] rendered = values.Render(torso.Tissues, torso.Canvas.Lattice, random);

        Assert.Equal(draws.Length, used);
        Assert.Equal(labels.Length, torso.Tissues.Length);
        int differing = 0, differingHu = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            bool same = labels[i] == (byte)torso.Tissues[i];
            differing += same ? 0 : 1;
            differingHu += same && Math.Abs(hu[i] - rendered[i]) > 0.1 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{differing} of {labels.Length} voxels differ after {used} draws");

        // Rounding in float32 may move a voxel whose distance to a surface is zero within a micrometre; nothing else may.
        Assert.InRange(differing, 0, labels.Length / 20000);
        Assert.Equal(0, differingHu);
    }
}
