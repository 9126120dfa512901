namespace Appliance.Phantom.Anatomy;

/// <summary>What a voxel is made of.</summary>
public enum Tissue : byte
{
    Air, Fat, Skin, Muscle, CavityFat, Vertebra, SpinalCanal, Rib, Sternum, Pelvis, Lung, LungVessel, HeartMuscle, Blood,
    Liver, LiverVessel, Tumour, Spleen, RightCortex, RightMedulla, RightRenalPelvis, LeftCortex, LeftMedulla, LeftRenalPelvis,
    Gallbladder, Stomach, StomachWall, StomachAir, Pancreas, Aorta, VenaCava, Vessel, Duodenum, ColonWall, Colon, ColonAir,
    BowelWall, SmallBowel, BowelAir, Bladder, Prostate, Psoas, ErectorSpinae, Table, Blanket, Femur, Marrow, Oesophagus, Adrenal,
    Cyst, Fluid, SoftTissue, Disc, Cartilage,
}

/// <summary>A set of tissues: those that may be painted over.</summary>
public readonly record struct TissueSet(ulong Bits)
{
    /// <summary>Number of tissues; a set is one bit each.</summary>
    public const int Count = (int)Tissue.Cartilage + 1;

    public static TissueSet All => new(ulong.MaxValue);

    public static TissueSet Of(params ReadOnlySpan<Tissue> tissues)
    {
        ulong bits = 0;
        foreach (Tissue tissue in tissues)
        {
            bits |= 1UL << (int)tissue;
        }

        return new TissueSet(bits);
    }

    public TissueSet And(Tissue tissue) => new(Bits | (1UL << (int)tissue));

    public bool Has(Tissue tissue) => (Bits >> (int)tissue & 1) != 0;
}

/// <summary>The classes that the truth masks name; the numbers are those of the ct-organs network.</summary>
public enum Organ : byte
{
    Background, Liver, Spleen, KidneyRight, KidneyLeft, Lung, Bone, Aorta, Stomach, Bladder, Pancreas, LiverTumour,
}

/// <summary>Which organ a tissue belongs to.</summary>
public static class Organs
{
    /// <summary>Number of classes, background included.</summary>
    public const int Count = (int)Organ.LiverTumour + 1;

    private static readonly Organ[] OfTissue = MakeTable();

    public static Organ Of(Tissue tissue) => OfTissue[(int)tissue];

    /// <summary>The name of a class in truth.json and in tables.</summary>
    public static string Name(Organ organ) => organ switch
    {
        Organ.KidneyRight => "kidney_right",
        Organ.KidneyLeft => "kidney_left",
        Organ.LiverTumour => "liver_tumour",
        _ => organ.ToString().ToLowerInvariant(),
    };

    private static Organ[] MakeTable()
    {
        Organ[] table = new Organ[TissueSet.Count];
        (Organ Organ, Tissue[] Tissues)[] rows =
        [
            (Organ.Liver, [Tissue.Liver, Tissue.LiverVessel]),
            (Organ.LiverTumour, [Tissue.Tumour]),
            (Organ.Spleen, [Tissue.Spleen]),
            (Organ.KidneyRight, [Tissue.RightCortex, Tissue.RightMedulla, Tissue.RightRenalPelvis]),
            (Organ.KidneyLeft, [Tissue.LeftCortex, Tissue.LeftMedulla, Tissue.LeftRenalPelvis]),
            (Organ.Lung, [Tissue.Lung, Tissue.LungVessel]),
            (Organ.Bone, [Tissue.Vertebra, Tissue.Rib, Tissue.Sternum, Tissue.Pelvis, Tissue.Femur, Tissue.Marrow]),
            (Organ.Aorta, [Tissue.Aorta]),
            (Organ.Stomach, [Tissue.Stomach, Tissue.StomachWall, Tissue.StomachAir]),
            (Organ.Bladder, [Tissue.Bladder]),
            (Organ.Pancreas, [Tissue.Pancreas]),
        ];
        foreach ((Organ organ, Tissue[] tissues) in rows)
        {
            foreach (Tissue tissue in tissues)
            {
                table[(int)tissue] = organ;
            }
        }

        return table;
    }
}
