using System.Text.Json;

namespace Appliance.Daemon.Screen;

/// <summary>What somebody wants to see now, as the page sends it.</summary>
/// <remarks>
/// With <see cref="Open"/> it asks for a study, or for news of it. Else for one picture; a later wish for the same pane takes the place of
/// one that nobody has begun to draw.
/// </remarks>
/// <param name="Pane">Which place of the page it is for, from 0.</param>
/// <param name="N">Counts the wishes of a viewer: the picture bears it.</param>
/// <param name="Plane">Index of the plane; 3 is the view in space.</param>
/// <param name="At">The slice along <see cref="Plane"/>.</param>
/// <param name="C">Centre of the window.</param>
/// <param name="W">Width of the window.</param>
/// <param name="Labels">Strength of the organs' colours, percent; 0 is none.</param>
/// <param name="Width">Of the picture, pixels.</param>
/// <param name="Height">Of the picture, pixels.</param>
/// <param name="Zoom">1: all of it fits.</param>
/// <param name="X">What is in the middle, millimetres to the right of the volume's centre.</param>
/// <param name="Y">... and below it.</param>
/// <param name="Turn">Degrees around the patient's long axis, 0 from the front.</param>
/// <param name="Tilt">Degrees from above.</param>
/// <param name="Look">bone, skin or organs: what is seen in space.</param>
/// <param name="Fine">Nobody moves: the picture is exact.</param>
/// <param name="Series">Which one, by its name; empty for the first.</param>
public sealed record Wish(
    string? Open = null,
    int Pane = 0,
    uint N = 0,
    int Plane = 0,
    int At = 0,
    double C = 40,
    double W = 400,
    int Labels = 0,
    int Width = 0,
    int Height = 0,
    double Zoom = 1,
    double X = 0,
    double Y = 0,
    double Turn = 0,
    double Tilt = 0,
    string Look = "bone",
    bool Fine = false,
    string Series = "")
{
    /// <summary>The index of the view in space among the planes.</summary>
    public const int Space = 3;

    /// <returns>Null where it is none, or asks for what nobody can draw.</returns>
    public static Wish? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Wish? wish = JsonSerializer.Deserialize(json, ScreenContext.Default.Wish);
            return wish is not null && wish.IsPossible ? wish : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsPossible => Open is not null
        ? Open.Length == Limits.StudyKeyDigits && Open.All(char.IsAsciiHexDigitLower)
        : Pane is >= 0 and < Limits.Panes && Plane is >= 0 and <= Space && Labels is >= 0 and <= 100
            && Width is > 0 and <= Limits.PaneSidePixels && Height is > 0 and <= Limits.PaneSidePixels
            && Zoom is >= 0.1 and <= 32 && Near(C) && Near(W) && Near(X) && Near(Y) && Near(Turn) && Near(Tilt)
            && Look is not null && Series is not null;

    private static bool Near(double value) => Math.Abs(value) <= Limits.WindowValues;
}
