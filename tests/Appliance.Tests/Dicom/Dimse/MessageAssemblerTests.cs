using Appliance.Dicom;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Tests.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Dimse;

public sealed class MessageAssemblerTests
{
    private static readonly byte[] Command = Wire.StorescuCommand[12..];

    [Fact]
    public void A_command_cut_in_two_at_any_byte_is_the_same_command()
    {
        for (int cut = 0; cut <= Command.Length; cut++)
        {
            MessageAssembler assembler = new();

            Assert.Equal(MessageStepKind.CommandPart, assembler.Take(Value(true, false, Command[..cut])).Kind);
            MessageStep step = assembler.Take(Value(true, true, Command[cut..]));

            Assert.Equal(CommandSet.StoreRequest(1, "1.2.840.10008.5.1.4.1.1.7", "1.2.3.4"), step.Command);
            Assert.False(assembler.IsBetweenMessages);
        }
    }

    [Fact]
    public void A_data_set_follows_its_command_and_ends_with_its_last_fragment()
    {
        MessageAssembler assembler = new();
        assembler.Take(Value(true, true, Command));

        Assert.Equal(MessageStepKind.Data, assembler.Take(Value(false, false, [1, 2])).Kind);
        Assert.Equal(MessageStepKind.Data, assembler.Take(Value(false, false, [])).Kind);
        Assert.Equal(MessageStepKind.LastData, assembler.Take(Value(false, true, [])).Kind);
        Assert.True(assembler.IsBetweenMessages);
    }

    [Fact]
    public void A_data_set_without_command_is_refused() =>
        Assert.Equal(MessageStepKind.Refused, new MessageAssembler().Take(Value(false, true, [1])).Kind);

    [Fact]
    public void A_command_within_a_data_set_is_refused()
    {
        MessageAssembler assembler = new();
        assembler.Take(Value(true, true, Command));
        assembler.Take(Value(false, false, [1]));

        Assert.Equal(MessageStepKind.Refused, assembler.Take(Value(true, true, Command)).Kind);
    }

    [Fact]
    public void A_change_of_context_within_a_message_is_refused()
    {
        MessageAssembler assembler = new();
        assembler.Take(Value(true, true, Command));

        Assert.Equal(MessageStepKind.Refused, assembler.Take(new PresentationDataValue(5, false, true, new byte[1])).Kind);
    }

    [Fact]
    public void A_command_set_without_end_is_refused_before_it_fills_the_memory()
    {
        MessageAssembler assembler = new();
        byte[] fragment = new byte[16 * 1024];
        int taken = 0;
        while (assembler.Take(Value(true, false, fragment)).Kind == MessageStepKind.CommandPart)
        {
            taken += fragment.Length;
        }

        Assert.Equal(Limits.CommandSetBytes, taken);
    }

    private static PresentationDataValue Value(bool isCommand, bool isLast, byte[] fragment) => new(3, isCommand, isLast, fragment);
}
