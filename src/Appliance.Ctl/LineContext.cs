using System.Text.Json;
using System.Text.Json.Serialization;
using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>JSON on one line, for streams.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EventRecord))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class LineContext : JsonSerializerContext;
