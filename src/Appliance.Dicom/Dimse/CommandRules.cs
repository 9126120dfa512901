namespace Appliance.Dicom.Dimse;

/// <summary>Whether a message has a data set after its command set.</summary>
public enum DataSetPresence
{
    Never,
    Always,
    Optional,
}

/// <summary>What one message must have (PS3.7 9.3, 10.3: the elements of usage M of its table).</summary>
public sealed record CommandRule(CommandField Field, string Clause, DataSetPresence DataSet, Func<CommandSet, bool> HasRequired);

/// <summary>One row for each message of PS3.7.</summary>
public static class CommandRules
{
    private static readonly Dictionary<CommandField, CommandRule> Rows = new CommandRule[]
    {
        new(CommandField.CStoreRq, "9.3.1.1", DataSetPresence.Always, Composite(set => set.AffectedSopInstanceUid is not null)),
        new(CommandField.CStoreRsp, "9.3.1.2", DataSetPresence.Never, IsResponse),
        new(CommandField.CFindRq, "9.3.2.1", DataSetPresence.Always, Composite(_ => true)),
        new(CommandField.CFindRsp, "9.3.2.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.CCancelRq, "9.3.2.3", DataSetPresence.Never, set => set.MessageIdBeingRespondedTo is not null),
        new(CommandField.CGetRq, "9.3.3.1", DataSetPresence.Always, Composite(_ => true)),
        new(CommandField.CGetRsp, "9.3.3.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.CMoveRq, "9.3.4.1", DataSetPresence.Always, Composite(set => set.MoveDestination is not null)),
        new(CommandField.CMoveRsp, "9.3.4.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.CEchoRq, "9.3.5.1", DataSetPresence.Never, Composite(_ => true)),
        new(CommandField.CEchoRsp, "9.3.5.2", DataSetPresence.Never, IsResponse),
        new(CommandField.NEventReportRq, "10.3.1.1", DataSetPresence.Optional,
            Composite(set => set.AffectedSopInstanceUid is not null && set.EventTypeId is not null)),
        new(CommandField.NEventReportRsp, "10.3.1.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.NGetRq, "10.3.2.1", DataSetPresence.Never, Normalized(_ => true)),
        new(CommandField.NGetRsp, "10.3.2.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.NSetRq, "10.3.3.1", DataSetPresence.Always, Normalized(_ => true)),
        new(CommandField.NSetRsp, "10.3.3.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.NActionRq, "10.3.4.1", DataSetPresence.Optional, Normalized(set => set.ActionTypeId is not null)),
        new(CommandField.NActionRsp, "10.3.4.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.NCreateRq, "10.3.5.1", DataSetPresence.Optional, Composite(_ => true)),
        new(CommandField.NCreateRsp, "10.3.5.2", DataSetPresence.Optional, IsResponse),
        new(CommandField.NDeleteRq, "10.3.6.1", DataSetPresence.Never, Normalized(_ => true)),
        new(CommandField.NDeleteRsp, "10.3.6.2", DataSetPresence.Never, IsResponse),
    }.ToDictionary(rule => rule.Field);

    public static IReadOnlyCollection<CommandRule> All => Rows.Values;

    /// <summary>The message's row, or null for a command that PS3.7 does not have.</summary>
    public static CommandRule? Of(CommandField field) => Rows.GetValueOrDefault(field);

    private static Func<CommandSet, bool> Composite(Func<CommandSet, bool> more) =>
        set => set.MessageId is not null && set.AffectedSopClassUid is not null && more(set);

    private static Func<CommandSet, bool> Normalized(Func<CommandSet, bool> more) => set => set.MessageId is not null
        && set.RequestedSopClassUid is not null && set.RequestedSopInstanceUid is not null && more(set);

    private static bool IsResponse(CommandSet set) => set.MessageIdBeingRespondedTo is not null && set.Status is not null;
}
