using Appliance.Core;

namespace Appliance.Board;

/// <summary>No hardware: the lamp is drawn where a developer or a demo sees it, in the terminal.</summary>
public sealed class SimulatedBoard : IBoard
{
    private readonly TextWriter? terminal;
    private Lamp? drawn;

    /// <param name="terminal">Null: nothing is drawn (under systemd, in a pipe).</param>
    public SimulatedBoard(TextWriter? terminal)
    {
        this.terminal = terminal;
    }

    public string Name => BoardFile.Simulated.Board;

    public Refusal? Set(Lamp lamp)
    {
        if (lamp != drawn)
        {
            drawn = lamp;
            terminal?.WriteLine(LampDrawing.Line(lamp, colours: true));
        }

        return null;
    }

    public int FrameMs => 0;

    public IReadOnlyList<string> Troubles => [];

    public void Draw()
    {
        // A line of text stands still.
    }

    public IReadOnlyList<Temperature> Temperatures() => [];
}
