using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Appliance.SystemTests;

/// <summary>A peer that writes PDUs by hand: right ones, and wrong ones. Knows nothing of Appliance.Dicom.</summary>
internal sealed class RawPeer : IDisposable
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    private const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    private readonly TcpClient client;
    private readonly NetworkStream stream;

    public RawPeer(int port)
    {
        client = new TcpClient("127.0.0.1", port) { NoDelay = true, ReceiveTimeout = 60_000 };
        stream = client.GetStream();
    }

    /// <summary>A-ASSOCIATE-RQ (PS3.8 9.3.2) with one context per abstract syntax, numbered 1, 3, 5...</summary>
    public static byte[] AssociateRequest(string called = RunningAppliance.AeTitle, params string[] abstractSyntaxes)
    {
        List<byte> body = [0, 1, 0, 0];
        body.AddRange(Encoding.ASCII.GetBytes(called.PadRight(16)));
        body.AddRange(Encoding.ASCII.GetBytes("RAWPEER".PadRight(16)));
        body.AddRange(new byte[32]);
        body.AddRange(Item(0x10, Encoding.ASCII.GetBytes("1.2.840.10008.3.1.1.1")));
        byte id = 1;
        foreach (string syntax in abstractSyntaxes.Length > 0 ? abstractSyntaxes : [CtImageStorage])
        {
            byte[] context =
                [id, 0, 0, 0, .. Item(0x30, Encoding.ASCII.GetBytes(syntax)), .. Item(0x40, Encoding.ASCII.GetBytes(ExplicitLittleEndian))];
            body.AddRange(Item(0x20, context));
            id += 2;
        }

        byte[] maximum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(maximum, 16384);
        body.AddRange(Item(0x50, [.. Item(0x51, maximum), .. Item(0x52, Encoding.ASCII.GetBytes("1.2.3.4"))]));
        return Pdu(1, [.. body]);
    }

    /// <summary>P-DATA-TF (PS3.8 9.3.5) with one PDV.</summary>
    public static byte[] Data(byte context, bool command, bool last, ReadOnlySpan<byte> bytes)
    {
        byte[] value = new byte[6 + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)(bytes.Length + 2));
        value[4] = context;
        value[5] = (byte)((command ? 1 : 0) | (last ? 2 : 0));
        bytes.CopyTo(value.AsSpan(6));
        return Pdu(4, value);
    }

    /// <summary>The command set of a C-STORE-RQ (PS3.7 9.3.1.1).</summary>
    public static byte[] StoreCommand(string sopInstanceUid, ushort messageId = 1)
    {
        byte[] elements =
        [
            .. Element(0x0002, Text(CtImageStorage)), .. Element(0x0100, Short(0x0001)), .. Element(0x0110, Short(messageId)),
            .. Element(0x0700, Short(0)), .. Element(0x0800, Short(0x0000)), .. Element(0x1000, Text(sopInstanceUid)),
        ];
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)elements.Length);
        return [.. Element(0x0000, length), .. elements];
    }

    /// <summary>(0000,0900) of a response in one PDV.</summary>
    public static ushort StatusOf(byte[] value)
    {
        for (int at = 6; at + 8 <= value.Length; at += 8 + BitConverter.ToInt32(value, at + 4))
        {
            if (value[at + 2] == 0x00 && value[at + 3] == 0x09)
            {
                return BitConverter.ToUInt16(value, at + 8);
            }
        }

        return 0;
    }

    public void Send(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>The next PDU's type and value, or null where the appliance closed the connection.</summary>
    public (byte Type, byte[] Value)? Receive()
    {
        try
        {
            byte[] header = new byte[6];
            stream.ReadExactly(header);
            byte[] value = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(2))];
            stream.ReadExactly(value);
            return (header[0], value);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads until the connection ends; the types of the PDUs on the way.</summary>
    public byte[] ReceiveToEnd()
    {
        List<byte> types = [];
        while (Receive() is (byte type, _))
        {
            types.Add(type);
        }

        return [.. types];
    }

    public void CloseSending() => client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => client.Dispose();

    private static byte[] Pdu(byte type, ReadOnlySpan<byte> value)
    {
        byte[] pdu = new byte[6 + value.Length];
        pdu[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)value.Length);
        value.CopyTo(pdu.AsSpan(6));
        return pdu;
    }

    private static byte[] Item(byte type, ReadOnlySpan<byte> value)
    {
        byte[] item = new byte[4 + value.Length];
        item[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(item.AsSpan(2), (ushort)value.Length);
        value.CopyTo(item.AsSpan(4));
        return item;
    }

    private static byte[] Element(ushort element, ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[8 + value.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), element);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)value.Length);
        value.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + '\0');

    private static byte[] Short(ushort value) => [(byte)value, (byte)(value >> 8)];
}
