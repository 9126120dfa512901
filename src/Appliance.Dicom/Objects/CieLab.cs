namespace Appliance.Dicom.Objects;

/// <summary>sRGB to and from the CIELab values of PS3.3 C.10.7.1.1 (profile connection space: white point D50).</summary>
public static class CieLab
{
    /// <summary>L of 0..100 on 0..65535; a and b of -128..127 on 0..65535 (0 is 0x8080).</summary>
    public static ushort[] Of(byte red, byte green, byte blue)
    {
        double r = Linear(red);
        double g = Linear(green);
        double b = Linear(blue);

        // IEC 61966-2-1 primaries, adapted from D65 to D50 by Bradford, each row divided by the white point.
        double x = ((0.4360747 * r) + (0.3850649 * g) + (0.1430804 * b)) / 0.9642200;
        double y = (0.2225045 * r) + (0.7168786 * g) + (0.0606169 * b);
        double z = ((0.0139322 * r) + (0.0971045 * g) + (0.7141733 * b)) / 0.8252100;

        double lightness = (116 * Compressed(y)) - 16;
        double a = 500 * (Compressed(x) - Compressed(y));
        double yellow = 200 * (Compressed(y) - Compressed(z));
        return [Scaled(lightness / 100), Scaled((a + 128) / 255), Scaled((yellow + 128) / 255)];
    }

    /// <summary>Red, green, blue of the values as they stand in an object; what a screen cannot show is moved to its nearest.</summary>
    public static byte[] ToRgb(ushort lightness, ushort a, ushort b)
    {
        double y = ((lightness / 65535.0 * 100) + 16) / 116;
        double x = Expanded(y + (((a / 65535.0 * 255) - 128) / 500)) * 0.9642200;
        double z = Expanded(y - (((b / 65535.0 * 255) - 128) / 200)) * 0.8252100;
        y = Expanded(y);

        // The inverse of the matrix above.
        return
        [
            Displayed((3.1338561 * x) - (1.6168667 * y) - (0.4906146 * z)),
            Displayed((-0.9787684 * x) + (1.9161415 * y) + (0.0334540 * z)),
            Displayed((0.0719453 * x) - (0.2289914 * y) + (1.4052427 * z)),
        ];
    }

    private static byte Displayed(double linear)
    {
        double v = linear <= 0.0031308 ? linear * 12.92 : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return (byte)Math.Round(Math.Clamp(v, 0, 1) * 255);
    }

    private static double Expanded(double t) => t > 6.0 / 29 ? t * t * t : ((116 * t) - 16) * 27 / 24389;

    private static double Linear(byte value)
    {
        double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    private static double Compressed(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;

    private static ushort Scaled(double unit) => (ushort)Math.Round(Math.Clamp(unit, 0, 1) * 65535);
}
