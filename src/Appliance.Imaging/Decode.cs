using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Imaging;

public static class Decode
{
    public static Outcome<float[]> Hounsfield(DicomFile slice) => new Refusal(RefusalReason.BadPixels, slice.Syntax.Uid);
}
