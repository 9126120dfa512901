using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Core;

/// <summary>The wire form of /v1/command.</summary>
public static class CommandJson
{
    /// <summary>POST a <see cref="CommandRequest"/>; the answer is a <see cref="CommandAnswer"/>.</summary>
    public const string Path = "/v1/command";

    public static byte[] Write(CommandRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(request, CommandContext.Default.CommandRequest);

    public static byte[] Write(CommandAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, CommandContext.Default.CommandAnswer);

    /// <returns>Null where it is no command that is known here.</returns>
    public static CommandRequest? ReadRequest(ReadOnlySpan<byte> json)
    {
        try
        {
            CommandRequest? read = JsonSerializer.Deserialize(json, CommandContext.Default.CommandRequest);
            return read is { Target: not null } && Enum.IsDefined(read.Verb) && (read.Key is null || KeyFingerprint.Is(read.Key))
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="JsonException">It is not an answer of a schema that is known here.</exception>
    public static CommandAnswer ReadAnswer(ReadOnlySpan<byte> json)
    {
        CommandAnswer answer = JsonSerializer.Deserialize(json, CommandContext.Default.CommandAnswer)
            ?? throw new JsonException("The answer is empty.");
        return answer.Schema == Status.CurrentSchema
            ? answer
            : throw new JsonException($"The daemon speaks schema {answer.Schema}, this program {Status.CurrentSchema}.");
    }
}

/// <summary>Made at build time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandAnswer))]
internal sealed partial class CommandContext : JsonSerializerContext;
