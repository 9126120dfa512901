using Appliance.Dicom.Data;

namespace Appliance.Dicom.Objects;

/// <summary>The device that made a result (PS3.3 C.7.5.1 General Equipment, all of it present as C.7.5.2 demands).</summary>
public sealed record EquipmentIdentification(string Manufacturer, string ModelName, string SerialNumber, string SoftwareVersion)
{
    /// <summary>Names the device for good: made from manufacturer, model and serial number where the settings give none.</summary>
    public string DeviceUid { get; init; } = UidGenerator.FromName($"{Manufacturer}\n{ModelName}\n{SerialNumber}");

    internal void Put(DataSet target) => target
        .SetString(Tags.Manufacturer, Vr.LO, ResultText.Long(Manufacturer))
        .SetString(Tags.ManufacturerModelName, Vr.LO, ResultText.Long(ModelName))
        .SetString(Tags.DeviceSerialNumber, Vr.LO, ResultText.Long(SerialNumber))
        .SetString(Tags.SoftwareVersions, Vr.LO, ResultText.Long(SoftwareVersion));
}
