namespace Appliance.Core;

/// <summary>What the device is. What it is <em>doing</em> derives from its studies (<see cref="Activity"/>).</summary>
public enum DeviceState
{
    /// <summary>The process has started and knows nothing yet.</summary>
    Boot,

    /// <summary>
    /// Journal, apps and compute device are being looked at; the listener is already open once the journal can be
    /// written.
    /// </summary>
    SelfTest,

    /// <summary>All is well.</summary>
    Ready,

    /// <summary>Something is missing (GPU, app, destination, space): objects are still stored and forwarded.</summary>
    Degraded,

    /// <summary>A service engineer works on it: objects are still stored and forwarded.</summary>
    Maintenance,

    /// <summary>An update is being installed: objects are still stored.</summary>
    Updating,

    /// <summary>Nothing can be stored safely. The only state that refuses every association.</summary>
    Fault,

    /// <summary>The process is ending; what is under way is finished or left for the next start.</summary>
    ShuttingDown,
}

/// <summary>What the device is told.</summary>
public enum DeviceSignal
{
    /// <summary>The first checks began.</summary>
    SelfTestBegan,

    /// <summary>The checks ended and nothing is missing.</summary>
    SelfTestPassed,

    /// <summary>The checks ended and something is missing without which we can still store and forward.</summary>
    SelfTestLimited,

    /// <summary>A part became unwell: the first alarm.</summary>
    PartLost,

    /// <summary>Every part is well again: the last alarm went.</summary>
    PartsRestored,

    /// <summary>A service engineer asked for maintenance.</summary>
    MaintenanceBegan,

    /// <summary>... and ended it.</summary>
    MaintenanceEnded,

    /// <summary>An update is being installed.</summary>
    UpdateBegan,

    /// <summary>The update ended, either way.</summary>
    UpdateEnded,

    /// <summary>Nothing can be stored safely.</summary>
    FaultFound,

    /// <summary>Objects can be stored again.</summary>
    FaultCleared,

    /// <summary>The process is asked to end.</summary>
    StopRequested,
}
