namespace Appliance.Phantom.Anatomy;

/// <summary>Between which factors organs are smaller or larger than the average.</summary>
public sealed record OrganSizes(float StomachLeast, float StomachMost, float SpleenLeast, float SpleenMost)
{
    /// <summary>Those of the phantom on which the network was trained.</summary>
    public static OrganSizes Reference { get; } = new(.75f, 1.35f, .7f, 1.35f);

    /// <summary>Smaller, so that the network finds them as hard as in the table that it was measured by.</summary>
    public static OrganSizes Calibrated { get; } = new(.7f, 1.1f, .65f, 1.2f);
}
