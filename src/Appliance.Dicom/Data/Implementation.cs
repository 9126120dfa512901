namespace Appliance.Dicom.Data;

/// <summary>Who wrote a file or opened an association (PS3.7 D.3.3.2, PS3.10 7.1).</summary>
public static class Implementation
{
    /// <summary>
    /// Identifies this implementation, not a release. Under 2.25 (PS3.5 B.2): the UUID 0ab7a3f4-6d7e-4c1b-9a35-5c1f6e2d8b90 as a number.
    /// </summary>
    public const string ClassUid = "2.25.14245795681284631020661360453611260816";

    /// <summary>At most 16 characters.</summary>
    public const string VersionName = "APPLIANCE_0_1";
}
