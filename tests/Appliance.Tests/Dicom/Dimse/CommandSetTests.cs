using System.Diagnostics;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Tests.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Dimse;

public sealed class CommandSetTests
{
    private const int PDataAndPdvHeaders = 12;

    [Fact]
    public void What_echoscu_requests_is_read_and_written_with_the_same_bytes()
    {
        byte[] bytes = Wire.EchoscuEcho[PDataAndPdvHeaders..];

        CommandSet set = Read(bytes);

        Assert.Equal(CommandSet.EchoRequest(1), set);
        Assert.Equal(bytes, Write(set));
    }

    [Fact]
    public void What_storescp_responds_is_what_we_respond()
    {
        byte[] bytes = Wire.StorescpEcho[PDataAndPdvHeaders..];

        Assert.Equal(CommandSet.EchoRequest(1).Respond(Status.Success), Read(bytes));
        Assert.Equal(bytes, Write(CommandSet.EchoRequest(1).Respond(Status.Success)));
    }

    [Fact]
    public void What_storescu_requests_is_what_we_request()
    {
        byte[] bytes = Wire.StorescuCommand[PDataAndPdvHeaders..];

        Assert.Equal(CommandSet.StoreRequest(1, "1.2.840.10008.5.1.4.1.1.7", "1.2.3.4"), Read(bytes));
        Assert.Equal(bytes, Write(CommandSet.StoreRequest(1, "1.2.840.10008.5.1.4.1.1.7", "1.2.3.4")));
    }

    public static TheoryData<CommandField> Fields() => [.. Enum.GetValues<CommandField>()];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_message_with_all_its_elements_survives_the_way_there_and_back(CommandField field)
    {
        CommandSet full = Full(field);

        CommandSet read = Read(Write(full));

        Assert.Equal(
            full with { OffendingElements = null, AttributeIdentifiers = null },
            read with { OffendingElements = null, AttributeIdentifiers = null });
        Assert.Equal(full.OffendingElements, read.OffendingElements);
        Assert.Equal(full.AttributeIdentifiers, read.AttributeIdentifiers);
        Assert.True(CommandRules.Of(field)!.HasRequired(read));
        Assert.False(CommandRules.Of(field)!.HasRequired(new CommandSet { Field = field }));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Dcmdump_reads_each_message_as_we_mean_it(CommandField field)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "dcmdump is not installed (apt-get install dcmtk)");
        string path = Path.Combine(Path.GetTempPath(), $"appliance-{Guid.NewGuid():N}.command");
        File.WriteAllBytes(path, Write(Full(field)));
        try
        {
            string dump = Run("/usr/bin/dcmdump", "-q", "-f", "-ti", "-Un", path);

            Assert.Contains($"(0000,0100) US {(ushort)field}", dump);
            Assert.Contains("(0000,0800) US 1 ", dump);
            Assert.Contains("(0000,0110) US 4660", dump);
            Assert.Contains("(0000,0120) US 22136", dump);
            Assert.Contains("(0000,0003) UI [1.2.840.10008.1.20.1]", dump);
            Assert.Contains("(0000,1001) UI [1.2.840.10008.1.20.1.1]", dump);
            Assert.Contains("(0000,0900) US 45056", dump);
            Assert.Contains("(0000,0901) AT (0010,0010)\\(7fe0,0010)", dump);
            Assert.Contains("(0000,0902) LO [a comment]", dump);
            Assert.Contains("(0000,1002) US 1 ", dump);
            Assert.Contains("(0000,1005) AT (0008,0018)", dump);
            Assert.Contains("(0000,1008) US 2 ", dump);
            Assert.Contains("(0000,1030) AE [MOVER]", dump);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Each_prefix_of_a_command_set_is_malformed_or_ends_between_elements()
    {
        byte[] bytes = Write(Full(CommandField.NActionRq));
        HashSet<int> boundaries = [];
        for (int at = 0; at < bytes.Length; at += 8 + BitConverter.ToInt32(bytes, at + 4))
        {
            boundaries.Add(at);
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            bool failed = CommandSetReader.Read(bytes.AsSpan(0, length)).Failed;

            Assert.True(failed || boundaries.Contains(length), $"{length} bytes were taken");
        }
    }

    [Fact]
    public void An_element_of_another_group_is_malformed() =>
        Assert.Equal(
            MalformedReason.BadCommandSet,
            CommandSetReader.Read(Convert.FromHexString("08001800020000003100")).Malformed!.Reason);

    [Fact]
    public void A_value_beyond_the_end_is_malformed() =>
        Assert.Equal(
            MalformedReason.LengthBeyondEnd,
            CommandSetReader.Read(Convert.FromHexString("00000001FFFFFFFF3000")).Malformed!.Reason);

    [Fact]
    public void Each_message_of_the_standard_has_its_row()
    {
        Assert.Equal(Enum.GetValues<CommandField>().Order(), CommandRules.All.Select(rule => rule.Field).Order());
        Assert.Null(CommandRules.Of((CommandField)0x7777));
    }

    [Theory]
    [InlineData(0x0000, StatusCategory.Success)]
    [InlineData(0x0001, StatusCategory.Warning)]
    [InlineData(0x0107, StatusCategory.Warning)]
    [InlineData(0x0116, StatusCategory.Warning)]
    [InlineData(0xB000, StatusCategory.Warning)]
    [InlineData(0xB123, StatusCategory.Warning)]
    [InlineData(0xFE00, StatusCategory.Cancel)]
    [InlineData(0xFF00, StatusCategory.Pending)]
    [InlineData(0xFF01, StatusCategory.Pending)]
    [InlineData(0x0122, StatusCategory.Failure)]
    [InlineData(0xA700, StatusCategory.Failure)]
    [InlineData(0xA7FF, StatusCategory.Failure)]
    [InlineData(0xC001, StatusCategory.Failure)]
    [InlineData(0x0211, StatusCategory.Failure)]
    public void Each_status_has_its_category(int status, StatusCategory category) => Assert.Equal(category, ((Status)status).Category());

    private static CommandSet Full(CommandField field) => new()
    {
        Field = field,
        HasDataSet = true,
        MessageId = 0x1234,
        MessageIdBeingRespondedTo = 0x5678,
        AffectedSopClassUid = Uids.CTImageStorage,
        RequestedSopClassUid = "1.2.840.10008.1.20.1",
        AffectedSopInstanceUid = "1.2.3",
        RequestedSopInstanceUid = "1.2.840.10008.1.20.1.1",
        Priority = Priority.High,
        Status = Status.CoercionOfDataElements,
        ErrorComment = "a comment",
        ErrorId = 7,
        OffendingElements = [Tags.PatientName, Tags.PixelData],
        AttributeIdentifiers = [Tags.SOPInstanceUID],
        EventTypeId = 1,
        ActionTypeId = 2,
        MoveDestination = "ELSEWHERE",
        MoveOriginatorAeTitle = "MOVER",
        MoveOriginatorMessageId = 9,
        RemainingSuboperations = 10,
        CompletedSuboperations = 11,
        FailedSuboperations = 12,
        WarningSuboperations = 13,
    };

    private static byte[] Write(CommandSet set)
    {
        byte[] bytes = new byte[CommandSetWriter.Bound(set)];
        return bytes[..CommandSetWriter.Write(set, bytes)];
    }

    private static CommandSet Read(byte[] bytes)
    {
        Parsed<CommandSet> parsed = CommandSetReader.Read(bytes);
        Assert.False(parsed.Failed, parsed.Malformed?.ToString());
        return parsed.Value;
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
