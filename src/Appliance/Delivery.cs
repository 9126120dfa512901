namespace Appliance.Daemon;

/// <summary>What a destination's answer to a C-STORE means for the object.</summary>
public enum Delivery
{
    /// <summary>The destination has it.</summary>
    Accepted,

    /// <summary>Not now: it is sent again after a while, others go first.</summary>
    Later,

    /// <summary>Sending the same bytes again will not help. It is kept, a human is told, and nothing waits for it.</summary>
    Held,
}

/// <summary>Reads the status of a C-STORE response.</summary>
public static class DeliveryOf
{
    /// <remarks>PS3.4 table B.2-1, PS3.7 annex C. A warning (Bxxx) says that the object was stored, changed or not quite as sent.</remarks>
    public static Delivery Status(ushort status) => status switch
    {
        0x0000 => Delivery.Accepted,
        0x0001 or 0x0107 or 0x0116 => Delivery.Accepted,
        >= 0xB000 and <= 0xBFFF => Delivery.Accepted,

        // Out of resources; processing failure; resource limitation; duplicate invocation.
        >= 0xA700 and <= 0xA7FF => Delivery.Later,
        0x0110 or 0x0210 or 0x0213 => Delivery.Later,

        // Duplicate SOP instance: the destination has it, and says so in its own way.
        0x0111 => Delivery.Accepted,

        // Data set does not match the SOP class, cannot understand, not authorised, no such SOP class ...
        _ => Delivery.Held,
    };
}
