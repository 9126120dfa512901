namespace Appliance.Imaging.Launch;

/// <summary>Bounds of the launcher; each with its reason.</summary>
internal static class Limits
{
    /// <summary>Memory of one step: a native volume of 300 slices as labels twice, or of 8 slices in all forms. Larger: the CPU.</summary>
    public const int StepScratchMib = 256;

    /// <summary>
    /// A step takes milliseconds. Shorter than the supervisor's two seconds for a thread that stands still, so that a card that hangs is
    /// left by the step itself.
    /// </summary>
    public const int GpuPatienceMs = 1500;

    /// <summary>Callers at once on one GPU: more streams than this do not fill it better, and each pins its scratch memory.</summary>
    public const int GpuQueuesCount = 4;

    /// <summary>Callers at once on the CPU: more threads than this never compute; their scratch is only taken when it is written.</summary>
    public const int CpuQueuesCount = 256;

    /// <summary>Whoever waits for another thread shows that he lives: a fraction of the 1.5 s after which he would be replaced.</summary>
    public const int LookUpMs = 250;
}
