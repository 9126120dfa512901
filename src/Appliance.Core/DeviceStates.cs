namespace Appliance.Core;

/// <summary>The device's state machine. Whoever leaves a special state goes through SelfTest, so the truth is looked at again.</summary>
public static class DeviceStates
{
    private const string Known = "nothing new, the state already says so";
    private const string NoTest = "no self-test is running";
    private const string TestWillSay = "the self-test that ends or follows this state takes it into account";
    private const string NotInIt = "that state was left or never entered";
    private const string Stopping = "the process is ending";
    private const string TooEarly = "refused to whoever asks: the device has not started yet";
    private const string Busy = "refused to whoever asks: an update is running";
    private const string FaultFirst = "the fault decides the state until it is cleared";

    public static StateTable<DeviceState, DeviceSignal> Table { get; } = new(DeviceState.Boot, Rows());

    /// <summary>Whether an association may be accepted at all. The listener closes only when the process ends.</summary>
    public static bool Accepts(DeviceState state) => state is not (DeviceState.Fault or DeviceState.ShuttingDown);

#pragma warning disable format // Read as a table; aligned by hand.
    private static StateRow<DeviceState, DeviceSignal>[] Rows() =>
    [
        Go(DeviceState.Boot,         DeviceSignal.SelfTestBegan,    DeviceState.SelfTest),
        No(DeviceState.Boot,         DeviceSignal.SelfTestPassed,   NoTest),
        No(DeviceState.Boot,         DeviceSignal.SelfTestLimited,  NoTest),
        No(DeviceState.Boot,         DeviceSignal.PartLost,         TestWillSay),
        No(DeviceState.Boot,         DeviceSignal.PartsRestored,    TestWillSay),
        No(DeviceState.Boot,         DeviceSignal.MaintenanceBegan, TooEarly),
        No(DeviceState.Boot,         DeviceSignal.MaintenanceEnded, NotInIt),
        No(DeviceState.Boot,         DeviceSignal.UpdateBegan,      TooEarly),
        No(DeviceState.Boot,         DeviceSignal.UpdateEnded,      NotInIt),
        Go(DeviceState.Boot,         DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.Boot,         DeviceSignal.FaultCleared,     NotInIt),
        Go(DeviceState.Boot,         DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        No(DeviceState.SelfTest,     DeviceSignal.SelfTestBegan,    Known),
        Go(DeviceState.SelfTest,     DeviceSignal.SelfTestPassed,   DeviceState.Ready),
        Go(DeviceState.SelfTest,     DeviceSignal.SelfTestLimited,  DeviceState.Degraded),
        No(DeviceState.SelfTest,     DeviceSignal.PartLost,         TestWillSay),
        No(DeviceState.SelfTest,     DeviceSignal.PartsRestored,    TestWillSay),
        Go(DeviceState.SelfTest,     DeviceSignal.MaintenanceBegan, DeviceState.Maintenance),
        No(DeviceState.SelfTest,     DeviceSignal.MaintenanceEnded, NotInIt),
        Go(DeviceState.SelfTest,     DeviceSignal.UpdateBegan,      DeviceState.Updating),
        No(DeviceState.SelfTest,     DeviceSignal.UpdateEnded,      NotInIt),
        Go(DeviceState.SelfTest,     DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.SelfTest,     DeviceSignal.FaultCleared,     NotInIt),
        Go(DeviceState.SelfTest,     DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        Go(DeviceState.Ready,        DeviceSignal.SelfTestBegan,    DeviceState.SelfTest),
        No(DeviceState.Ready,        DeviceSignal.SelfTestPassed,   Known),
        Go(DeviceState.Ready,        DeviceSignal.SelfTestLimited,  DeviceState.Degraded),
        Go(DeviceState.Ready,        DeviceSignal.PartLost,         DeviceState.Degraded),
        No(DeviceState.Ready,        DeviceSignal.PartsRestored,    Known),
        Go(DeviceState.Ready,        DeviceSignal.MaintenanceBegan, DeviceState.Maintenance),
        No(DeviceState.Ready,        DeviceSignal.MaintenanceEnded, NotInIt),
        Go(DeviceState.Ready,        DeviceSignal.UpdateBegan,      DeviceState.Updating),
        No(DeviceState.Ready,        DeviceSignal.UpdateEnded,      NotInIt),
        Go(DeviceState.Ready,        DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.Ready,        DeviceSignal.FaultCleared,     Known),
        Go(DeviceState.Ready,        DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        Go(DeviceState.Degraded,     DeviceSignal.SelfTestBegan,    DeviceState.SelfTest),
        Go(DeviceState.Degraded,     DeviceSignal.SelfTestPassed,   DeviceState.Ready),
        No(DeviceState.Degraded,     DeviceSignal.SelfTestLimited,  Known),
        No(DeviceState.Degraded,     DeviceSignal.PartLost,         Known),
        Go(DeviceState.Degraded,     DeviceSignal.PartsRestored,    DeviceState.Ready),
        Go(DeviceState.Degraded,     DeviceSignal.MaintenanceBegan, DeviceState.Maintenance),
        No(DeviceState.Degraded,     DeviceSignal.MaintenanceEnded, NotInIt),
        Go(DeviceState.Degraded,     DeviceSignal.UpdateBegan,      DeviceState.Updating),
        No(DeviceState.Degraded,     DeviceSignal.UpdateEnded,      NotInIt),
        Go(DeviceState.Degraded,     DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.Degraded,     DeviceSignal.FaultCleared,     Known),
        Go(DeviceState.Degraded,     DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        No(DeviceState.Maintenance,  DeviceSignal.SelfTestBegan,    Known),
        No(DeviceState.Maintenance,  DeviceSignal.SelfTestPassed,   TestWillSay),
        No(DeviceState.Maintenance,  DeviceSignal.SelfTestLimited,  TestWillSay),
        No(DeviceState.Maintenance,  DeviceSignal.PartLost,         TestWillSay),
        No(DeviceState.Maintenance,  DeviceSignal.PartsRestored,    TestWillSay),
        No(DeviceState.Maintenance,  DeviceSignal.MaintenanceBegan, Known),
        Go(DeviceState.Maintenance,  DeviceSignal.MaintenanceEnded, DeviceState.SelfTest),
        Go(DeviceState.Maintenance,  DeviceSignal.UpdateBegan,      DeviceState.Updating),
        No(DeviceState.Maintenance,  DeviceSignal.UpdateEnded,      NotInIt),
        Go(DeviceState.Maintenance,  DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.Maintenance,  DeviceSignal.FaultCleared,     Known),
        Go(DeviceState.Maintenance,  DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        No(DeviceState.Updating,     DeviceSignal.SelfTestBegan,    Busy),
        No(DeviceState.Updating,     DeviceSignal.SelfTestPassed,   TestWillSay),
        No(DeviceState.Updating,     DeviceSignal.SelfTestLimited,  TestWillSay),
        No(DeviceState.Updating,     DeviceSignal.PartLost,         TestWillSay),
        No(DeviceState.Updating,     DeviceSignal.PartsRestored,    TestWillSay),
        No(DeviceState.Updating,     DeviceSignal.MaintenanceBegan, Busy),
        No(DeviceState.Updating,     DeviceSignal.MaintenanceEnded, NotInIt),
        No(DeviceState.Updating,     DeviceSignal.UpdateBegan,      Known),
        Go(DeviceState.Updating,     DeviceSignal.UpdateEnded,      DeviceState.SelfTest),
        Go(DeviceState.Updating,     DeviceSignal.FaultFound,       DeviceState.Fault),
        No(DeviceState.Updating,     DeviceSignal.FaultCleared,     Known),
        Go(DeviceState.Updating,     DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        No(DeviceState.Fault,        DeviceSignal.SelfTestBegan,    FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.SelfTestPassed,   FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.SelfTestLimited,  FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.PartLost,         TestWillSay),
        No(DeviceState.Fault,        DeviceSignal.PartsRestored,    TestWillSay),
        No(DeviceState.Fault,        DeviceSignal.MaintenanceBegan, FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.MaintenanceEnded, FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.UpdateBegan,      FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.UpdateEnded,      FaultFirst),
        No(DeviceState.Fault,        DeviceSignal.FaultFound,       Known),
        Go(DeviceState.Fault,        DeviceSignal.FaultCleared,     DeviceState.SelfTest),
        Go(DeviceState.Fault,        DeviceSignal.StopRequested,    DeviceState.ShuttingDown),

        .. Enum.GetValues<DeviceSignal>().Select(signal => No(DeviceState.ShuttingDown, signal, Stopping)),
    ];
#pragma warning restore format

    private static StateRow<DeviceState, DeviceSignal> Go(DeviceState state, DeviceSignal signal, DeviceState next) =>
        new(state, signal, next, string.Empty);

    private static StateRow<DeviceState, DeviceSignal> No(DeviceState state, DeviceSignal signal, string why) =>
        new(state, signal, null, why);
}
