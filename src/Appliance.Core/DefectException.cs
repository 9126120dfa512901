namespace Appliance.Core;

/// <summary>Something impossible happened: the program is wrong. Nobody catches it to go on; the process ends and is restarted.</summary>
public sealed class DefectException : Exception
{
    public DefectException()
    {
    }

    /// <param name="message">What was impossible, without patient data: it reaches the log.</param>
    public DefectException(string message)
        : base(message)
    {
    }

    public DefectException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
