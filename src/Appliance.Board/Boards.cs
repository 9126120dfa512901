namespace Appliance.Board;

/// <summary>From a board file to the board.</summary>
public static class Boards
{
    /// <param name="terminal">Where a simulated board draws; null for nowhere.</param>
    public static IBoard Open(BoardFile file, TextWriter? terminal) =>
        file.Kind == BoardKind.Linux ? new LinuxBoard(file) : new SimulatedBoard(terminal);
}
