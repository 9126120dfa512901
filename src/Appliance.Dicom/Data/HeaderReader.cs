using System.Buffers;
using System.Diagnostics;

namespace Appliance.Dicom.Data;

/// <summary>How far a <see cref="HeaderReader"/> is.</summary>
public enum HeaderState
{
    /// <summary>More bytes are needed.</summary>
    Reading,

    /// <summary><see cref="HeaderReader.Header"/> is there. Further bytes are not looked at.</summary>
    Complete,

    /// <summary>The transfer syntax is deflated: the header is only to be had from the whole object.</summary>
    WholeObjectNeeded,

    /// <summary><see cref="HeaderReader.Malformed"/> says why.</summary>
    Malformed,
}

/// <summary>Where the pixel data of a data set is, in bytes from its start.</summary>
/// <param name="Offset">Of the element: what comes before is the header.</param>
/// <param name="ValueOffset">Of its value; of the first item where it is encapsulated.</param>
/// <param name="Length">Of the value, in bytes; null where it is undefined (encapsulated, PS3.5 A.4).</param>
public sealed record PixelDataPlace(Tag Tag, Vr Vr, long Offset, long ValueOffset, uint? Length);

/// <summary>
/// Reads the header of a data set, all before the pixel data, from chunks as they arrive, and has it before the pixels have
/// arrived.
/// </summary>
/// <remarks>
/// Chunks are kept up to the pixel data, at most <paramref name="maxHeaderBytes"/>. Each byte of the header is looked at once: values and
/// sequences of defined length are stepped over, and the whole is read when its end is known. No I/O, not thread-safe.
/// </remarks>
public sealed class HeaderReader(TransferSyntax syntax, int maxHeaderBytes = Limits.HeaderBytes)
{
    private const int FirstBufferBytes = 1 << 14;

    private byte[] buffer = [];
    private int used;
    private HeaderWalk walk = new(DataSetReader.LayoutOf(syntax));

    public HeaderState State { get; private set; } = syntax.IsDeflated ? HeaderState.WholeObjectNeeded : HeaderState.Reading;

    /// <summary>Every element before the pixel data, once complete. It has its own memory.</summary>
    public DataSet? Header { get; private set; }

    /// <summary>Where the pixel data starts; null until then, and where the object has none.</summary>
    public PixelDataPlace? PixelData { get; private set; }

    public Malformed? Malformed { get; private set; }

    public Oddities Oddities { get; private set; }

    /// <summary>Takes the next bytes of the data set, in any portions. They are copied as far as they belong to the header.</summary>
    public HeaderState Take(ReadOnlySpan<byte> chunk)
    {
        if (State != HeaderState.Reading)
        {
            return State;
        }

        // The end of a long value is known before it arrives: a value beyond the limit is refused, not kept.
        int room = maxHeaderBytes - used + HeaderWalk.LongestHeaderBytes;
        chunk = chunk[..Math.Min(chunk.Length, room)];
        bool isFirst = used == 0;
        ReadOnlySpan<byte> arrived = isFirst ? chunk : Keep(chunk);
        switch (walk.Advance(arrived))
        {
            case HeaderWalk.Result.PixelData:
                Finish(arrived[..walk.Position]);
                break;
            case HeaderWalk.Result.Malformed:
                Fail(walk.Malformed!);
                break;
            case HeaderWalk.Result.More when walk.Position > maxHeaderBytes || arrived.Length > maxHeaderBytes:
                Fail(new Malformed(MalformedReason.TooLong, walk.ElementOffset, $"a header of more than {maxHeaderBytes} bytes"));
                break;
            case HeaderWalk.Result.More when isFirst:
                Keep(chunk);
                break;
            default:
                break;
        }

        return State;
    }

    /// <summary>The data set has ended: one without pixel data is complete now, one cut off is malformed.</summary>
    public HeaderState End()
    {
        if (State == HeaderState.Reading)
        {
            if (walk.IsBetweenElements && walk.Position == used)
            {
                Finish(buffer.AsSpan(0, used));
            }
            else
            {
                Fail(new Malformed(MalformedReason.Truncated, walk.ElementOffset, "the data set ends inside an element"));
            }
        }

        return State;
    }

    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> chunk)
    {
        int needed = used + chunk.Length;
        if (needed > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferBytes, Math.Max(needed, buffer.Length * 2)));
            buffer.AsSpan(0, used).CopyTo(larger);
            GiveBack();
            buffer = larger;
        }

        chunk.CopyTo(buffer.AsSpan(used));
        used = needed;
        return buffer.AsSpan(0, used);
    }

    private void Finish(ReadOnlySpan<byte> header)
    {
        // Memory of its own, of its own size: headers stay while a study is open, a buffer full of pixels must not.
        DataSetParse parse = new(header.ToArray());
        Header = parse.ReadToEnd(DataSetReader.LayoutOf(syntax));
        Oddities = parse.Oddities;
        if (Header is null)
        {
            Debug.Assert(parse.Malformed is not null, "no header and no reason");
            Fail(parse.Malformed!);
            return;
        }

        PixelData = walk.PixelData;
        State = HeaderState.Complete;
        GiveBack();
    }

    private void Fail(Malformed malformed)
    {
        Malformed = malformed;
        State = HeaderState.Malformed;
        GiveBack();
    }

    private void GiveBack()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}
