namespace Appliance.Imaging;

/// <summary>A position or direction in the patient's coordinates, mm: x to the left, y to the back, z to the head.</summary>
/// <remarks>PS3.3 C.7.6.2.1.1.</remarks>
public readonly record struct Point3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    /// <summary>The component along patient axis 0 (x), 1 (y) or 2 (z).</summary>
    public double this[int axis] => axis switch { 0 => X, 1 => Y, _ => Z };

    public double Dot(Point3 other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public Point3 Cross(Point3 other) =>
        new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    public static Point3 operator +(Point3 a, Point3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Point3 operator -(Point3 a, Point3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Point3 operator *(Point3 a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);
}
