using System.Text;
using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>Makes of a password the line that the settings store: asks twice on a terminal, else reads one line. Nothing is sent.</summary>
internal static class Password
{
    public static int Ask()
    {
        string password = Read("Password: ");
        if (!Console.IsInputRedirected && Read("Once more: ") != password)
        {
            return Commands.Refuse("the two differ");
        }

        if (password.Length is < Limits.PasswordShortestChars or > Limits.PasswordLongestChars)
        {
            return Commands.Refuse(
                $"a password has {Limits.PasswordShortestChars} to {Limits.PasswordLongestChars} characters; take a phrase");
        }

        Console.Out.WriteLine($"password = \"{PasswordHash.Make(password)}\"");
        return ExitCode.Well;
    }

    private static string Read(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() ?? string.Empty;
        }

        Console.Error.Write(prompt);
        StringBuilder typed = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && typed.Length <= Limits.PasswordLongestChars)
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
