namespace Appliance.Board;

/// <summary>From a board file to the board.</summary>
public static class Boards
{
    /// <param name="terminal">Where a simulated board draws; null for nowhere.</param>
    public static IBoard Open(BoardFile file, TextWriter? terminal, TimeProvider time) => file.Kind switch
    {
        BoardKind.Linux when file.Panel is not null => new FrontPanel(file, time),
        BoardKind.Linux => new LinuxBoard(file),
        BoardKind.Ipmi => new IpmiBoard(file, time),
        _ => new SimulatedBoard(terminal),
    };
}
