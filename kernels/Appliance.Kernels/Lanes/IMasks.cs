namespace Appliance.Kernels;

/// <summary>Truth values in lanes.</summary>
public interface IMasks<TMask>
    where TMask : struct, IMasks<TMask>
{
    static abstract TMask operator &(TMask a, TMask b);

    static abstract TMask operator |(TMask a, TMask b);

    static abstract TMask operator ~(TMask a);

    /// <summary>No lane is true: lets a body leave out what nobody needs.</summary>
    static abstract bool None(TMask mask);
}
