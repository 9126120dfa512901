namespace Appliance.Daemon;

/// <summary>Whether two DICOM files hold the same object: the same transfer syntax and the same bytes of data set.</summary>
/// <remarks>Who sent it and by what software stands in the file meta information (PS3.10 7.1) and may differ.</remarks>
public static class SameInstance
{
    private const int BlockBytes = 64 * 1024;

    /// <exception cref="IOException">A file cannot be read.</exception>
    public static bool Is(string path, string other)
    {
        using FileStream first = File.OpenRead(path);
        using FileStream second = File.OpenRead(other);
        MetaOfFile meta = MetaOfFile.Read(first);
        MetaOfFile otherMeta = MetaOfFile.Read(second);
        if (meta.Syntax.Uid != otherMeta.Syntax.Uid || first.Length - meta.DataSetOffset != second.Length - otherMeta.DataSetOffset)
        {
            return false;
        }

        first.Position = meta.DataSetOffset;
        second.Position = otherMeta.DataSetOffset;
        byte[] block = new byte[BlockBytes];
        byte[] otherBlock = new byte[BlockBytes];
        while (true)
        {
            int count = first.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false);
            int otherCount = second.ReadAtLeast(otherBlock, BlockBytes, throwOnEndOfStream: false);
            if (!block.AsSpan(0, count).SequenceEqual(otherBlock.AsSpan(0, otherCount)))
            {
                return false;
            }

            if (count < BlockBytes)
            {
                return true;
            }
        }
    }
}
