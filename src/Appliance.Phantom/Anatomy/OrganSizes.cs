namespace Appliance.Phantom.Anatomy;

/// <summary>Between which factors organs are smaller or larger than the average.</summary>
/// <param name="AortaLeastMm">Radius of the thinnest aorta.</param>
/// <param name="FreeKidneyShare">How often fat keeps a kidney off liver and spleen.</param>
public sealed record OrganSizes(
    float StomachLeast, float StomachMost, float SpleenLeast, float SpleenMost, float AortaLeastMm, double FreeKidneyShare)
{
    /// <summary>Those of the phantom on which the network was trained.</summary>
    public static OrganSizes Reference { get; } = new(.75f, 1.35f, .7f, 1.35f, 7.5f, .6);

    /// <summary>
    /// Stomach and spleen smaller, no thin aorta, kidneys mostly free: so the network finds them about as hard as its table says.
    /// </summary>
    public static OrganSizes Calibrated { get; } = new(.7f, 1.0f, .72f, 1.15f, 9, .9);
}
