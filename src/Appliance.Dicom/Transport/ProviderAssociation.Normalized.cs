using System.Buffers;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>Normalized services: requests with their data set in memory, and reports that go the other way.</summary>
internal sealed partial class ProviderAssociation
{
    private readonly Queue<(EventReport Report, AcceptedContext Context)> toReport = [];
    private readonly Dictionary<ushort, EventReport> reported = [];
    private ushort lastMessageId;

    private async ValueTask AnswerAsync(CommandSet command, AcceptedContext context, CancellationToken stopping)
    {
        ArrayBufferWriter<byte> dataSet = new();
        Chunk chunk = await NextChunkAsync().ConfigureAwait(false);
        for (; chunk.Kind == ChunkKind.Bytes; chunk = await NextChunkAsync().ConfigureAwait(false))
        {
            if (dataSet.WrittenCount + chunk.Bytes.Length > Limits.NormalizedDataSetBytes)
            {
                await RefuseAsync("The data set of a normalized request is longer than any needs to be.").ConfigureAwait(false);
                return;
            }

            dataSet.Write(chunk.Bytes.Span);
        }

        if (chunk.Kind == ChunkKind.Cut)
        {
            return;
        }

        NormalizedRequest request = new(Info, command, context.TransferSyntax, dataSet.WrittenMemory);
        NormalizedAnswer answer = await provider.Normalized!.Answer(request, stopping).ConfigureAwait(false);
        CommandSet response = command.Respond(answer.Status, answer.Comment) with
        {
            ErrorId = answer.ErrorId,
            AffectedSopInstanceUid = answer.SopInstanceUid ?? command.SopInstanceUid,
        };
        if (answer.Then is EventReport then && !context.TransferSyntax.IsBigEndian)
        {
            toReport.Enqueue((then, context));
        }
        else if (answer.Then is EventReport elsewhere)
        {
            // Nothing is written in big endian here: another association agrees on something else.
            provider.Normalized!.Reported(Info, elsewhere, false);
        }

        await link.SendMessageAsync(context.Id, response, DataSetSource.None, fragmentBytes).ConfigureAwait(false);
    }

    /// <summary>Between two messages: what is to be reported goes out once the peer has been silent for a moment.</summary>
    private async ValueTask ReportAsync()
    {
        if (toReport.Count == 0 || link.End is not null || await link.HearsAsync(provider.Normalized!.ReportAfter).ConfigureAwait(false))
        {
            return;
        }

        while (toReport.TryDequeue(out (EventReport Report, AcceptedContext Context) next))
        {
            CommandSet command = CommandSet.EventReportRequest(
                ++lastMessageId, next.Report.SopClassUid, next.Report.SopInstanceUid, next.Report.EventTypeId);
            reported.Add(lastMessageId, next.Report);
            byte[] information = DataSetWriter.Write(next.Report.Information, next.Context.TransferSyntax);
            if (!await link.SendMessageAsync(next.Context.Id, command, information, fragmentBytes).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>A response to a report of ours; false where nothing was reported.</summary>
    private async ValueTask<bool> TakeResponseAsync(CommandSet response)
    {
        if (response.Field != CommandField.NEventReportRsp || response.MessageIdBeingRespondedTo is not ushort id
            || !reported.Remove(id, out EventReport? report))
        {
            return false;
        }

        provider.Normalized!.Reported(Info, report, response.Status?.IsStored() == true);
        await PassOverAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>The association is over: what it did not take is handed back.</summary>
    private void HandBackReports()
    {
        foreach (EventReport report in toReport.Select(pair => pair.Report).Concat(reported.Values))
        {
            provider.Normalized!.Reported(Info, report, false);
        }
    }
}
