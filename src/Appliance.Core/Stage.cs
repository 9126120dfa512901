namespace Appliance.Core;

/// <summary>The numbered stages of the main flow (docs: README "The journey of a study").</summary>
public enum Stage
{
    /// <summary>1: compressed pixels to Hounsfield units.</summary>
    Decode = 1,

    /// <summary>2: Hounsfield units to the network's grid.</summary>
    Prepare = 2,

    /// <summary>3: the network, slice by slice.</summary>
    Segment = 3,

    /// <summary>4: tidying and plausibility.</summary>
    Judge = 4,

    /// <summary>5: labels back on the native grid.</summary>
    Restore = 5,

    /// <summary>6: SEG, SR and annotated images.</summary>
    Annotate = 6,
}
