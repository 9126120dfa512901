namespace Appliance.Phantom.Anatomy;

/// <summary>A point or three lengths in the standard body, mm.</summary>
public readonly record struct Point(float X, float Y, float Z)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
}

/// <summary>A turned ellipsoid whose surface follows |x/a|^p + |y/b|^p + |z/c|^p = 1.</summary>
internal sealed class Ellipsoid
{
    private readonly Point centre;
    private readonly Point radii;
    private readonly float power;
    private readonly float smallest;
    private readonly bool turned;
    private readonly (float Sin, float Cos) aboutX;
    private readonly (float Sin, float Cos) aboutY;
    private readonly (float Sin, float Cos) aboutZ;

    public Ellipsoid(Point centre, Point radii, Point degrees, float power)
    {
        this.centre = centre;
        this.radii = radii;
        this.power = power;
        smallest = Math.Min(radii.X, Math.Min(radii.Y, radii.Z));
        turned = degrees != default;
        aboutX = MathF.SinCos(degrees.X * MathF.PI / 180);
        aboutY = MathF.SinCos(degrees.Y * MathF.PI / 180);
        aboutZ = MathF.SinCos(degrees.Z * MathF.PI / 180);
    }

    public float Distance(float px, float py, float pz)
    {
        float x = px - centre.X, y = py - centre.Y, z = pz - centre.Z;
        if (turned)
        {
            (x, y) = ((aboutZ.Cos * x) + (aboutZ.Sin * y), (-aboutZ.Sin * x) + (aboutZ.Cos * y));
            (x, z) = ((aboutY.Cos * x) + (aboutY.Sin * z), (-aboutY.Sin * x) + (aboutY.Cos * z));
            (y, z) = ((aboutX.Cos * y) + (aboutX.Sin * z), (-aboutX.Sin * y) + (aboutX.Cos * z));
        }

        (x, y, z) = (x / radii.X, y / radii.Y, z / radii.Z);
        float norm = power == 2
            ? MathF.Sqrt((x * x) + (y * y) + (z * z))
            : MathF.Pow(MathF.Pow(MathF.Abs(x), power) + MathF.Pow(MathF.Abs(y), power) + MathF.Pow(MathF.Abs(z), power), 1 / power);
        return (norm - 1) * smallest;
    }
}

/// <summary>A straight piece of a tube with round ends; its radius changes evenly from one end to the other.</summary>
internal sealed class TubePiece(Point from, Point to, float radiusFrom, float radiusTo, float flat)
{
    private readonly Point along = new(to.X - from.X, to.Y - from.Y, to.Z - from.Z);
    private readonly float square =
        ((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)) + ((to.Z - from.Z) * (to.Z - from.Z)) + 1e-6f;

    public Point Middle => new((from.X + to.X) / 2, (from.Y + to.Y) / 2, (from.Z + to.Z) / 2);

    public Point Reach
    {
        get
        {
            float radius = Math.Max(radiusFrom, radiusTo);
            return new Point(
                (MathF.Abs(along.X) / 2) + radius, (MathF.Abs(along.Y) / 2) + radius, (MathF.Abs(along.Z) / 2) + radius);
        }
    }

    public float Distance(float px, float py, float pz)
    {
        float x = px - from.X, y = py - from.Y, z = pz - from.Z;
        float t = Math.Clamp(((x * along.X) + (y * along.Y) + (z * along.Z)) / square, 0, 1);
        x -= t * along.X;
        y = (y - (t * along.Y)) / flat;
        z -= t * along.Z;
        return MathF.Sqrt((x * x) + (y * y) + (z * z)) - (radiusFrom + ((radiusTo - radiusFrom) * t));
    }
}
