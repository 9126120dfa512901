using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Appliance.Kernels.Ptx;

/// <summary>Compiles a kernel and makes its text safe: what ILGPU 1.5.3 gets wrong is put right here or refused by name.</summary>
public static partial class PtxText
{
    /// <exception cref="KernelRefusedException">The kernel uses what ILGPU cannot compile or compiles wrongly.</exception>
    public static string Compile(KernelType kernel, Architecture architecture)
    {
        KernelFields.Check(kernel.Struct);
        string ptx = Emit(kernel, architecture);
        ptx = Stable(kernel, ptx);
        ptx = Divergent(ptx);
        ptx = RoundedApart(ptx);
        Check(ptx);
        return ptx;
    }

    private static string Emit(KernelType kernel, Architecture architecture)
    {
        try
        {
            // A context for each kernel: one failed compilation poisons it for all that follow.
            using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
            CudaCapabilityContext capabilities = new(architecture.Cuda);
            using PTXBackend backend = new(context, capabilities, architecture.Cuda, architecture.Isa, null);
            EntryPointDescription entry = kernel.IsOfBlocks
                ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Entry)
                : EntryPointDescription.FromImplicitlyGroupedKernel(kernel.Entry);
            KernelSpecialization size = new(kernel.Block.X * kernel.Block.Y * kernel.Block.Z, null);
            return ((PTXCompiledKernel)backend.Compile(entry, size)).PTXAssembly;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Exception root = failure.GetBaseException();
            throw new KernelRefusedException($"ILGPU does not compile it: {root.GetType().Name}: {root.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Our name for the entry, and no comment that names a tool's version or a date.</summary>
    private static string Stable(KernelType kernel, string ptx)
    {
        ptx = ptx.ReplaceLineEndings("\n");
        ptx = EntryName().Replace(ptx, $".entry {kernel.Name}(");
        ptx = NumberedParameter().Replace(ptx, "$1");
        ptx = CommentLine().Replace(ptx, "");

        // ILGPU numbers labels through the life of the process; here they count from 1 in each text.
        Dictionary<string, string> labels = [];
        return NumberedLabel().Replace(ptx, label =>
        {
            if (!labels.TryGetValue(label.Value, out string? name))
            {
                labels[label.Value] = name = $"{label.Groups[1].Value}_{labels.Count + 1}";
            }

            return name;
        });
    }

    /// <summary>
    /// O2 marks branches as uniform that are not (issue 846 of ILGPU: the implicit index counts as uniform). Without the mark they are
    /// only not known to be uniform, which is always right.
    /// </summary>
    private static string Divergent(string ptx) =>
        UniformBranch().Replace(ptx, "$1").Replace("brx.idx.uni", "brx.idx", StringComparison.Ordinal);

    /// <summary>
    /// A product and a sum without a rounding modifier may be fused by the driver's compiler; with .rn they may not. So the CPU, which
    /// rounds each, and every card agree to the bit. ILGPU's own fused multiply-adds are taken apart again.
    /// </summary>
    private static string RoundedApart(string ptx)
    {
        ptx = Unrounded().Replace(ptx, "$1.rn.$2");
        if (!Fused().IsMatch(ptx))
        {
            return ptx;
        }

        ptx = Fused().Replace(ptx, "$1mul.rn.f32\t%fproduct, $3, $4;\n$1add.rn.f32\t$2, %fproduct, $5;");
        return ptx.Insert(ptx.IndexOf("\n{", StringComparison.Ordinal) + 2, "\n\t.reg .f32\t%fproduct;");
    }

    private static void Check(string ptx)
    {
        HashSet<string> defined = [.. Function().Matches(ptx).Select(match => match.Groups[1].Value)];
        foreach (Match call in Call().Matches(ptx))
        {
            // call (results), name, (arguments): the name is what is left without the parentheses.
            string name = Parentheses().Replace(call.Groups[1].Value, "").Trim(' ', ',', '\t', '\n');
            if (!defined.Contains(name))
            {
                throw new KernelRefusedException($"calls {name}, which no one defines");
            }
        }

        if (ptx.Contains(".uni", StringComparison.Ordinal))
        {
            throw new KernelRefusedException("a branch is still marked uniform");
        }

        if (SmallBits().Match(ptx) is { Success: true } bits)
        {
            throw new KernelRefusedException(
                $"has the float {bits.Value}, an integer's bits: ILGPU drops the conversion of a choice between integers; choose floats");
        }

        if (ptx.Contains("fma.", StringComparison.Ordinal))
        {
            throw new KernelRefusedException("a fused multiply-add is left, which the CPU would round differently");
        }
    }

    [GeneratedRegex(@"\.entry \w+\(")]
    private static partial Regex EntryName();

    [GeneratedRegex(@"\b_(at|kernel)_\d+\b")]
    private static partial Regex NumberedParameter();

    [GeneratedRegex(@"(?<![%\w])(?!sm_)([A-Za-z]+)_\d+\b")]
    private static partial Regex NumberedLabel();

    [GeneratedRegex(@"^[ \t]*//.*\n", RegexOptions.Multiline)]
    private static partial Regex CommentLine();

    [GeneratedRegex(@"(\bbra)\.uni")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"\b(add|sub|mul)\.(f32|f64)\b")]
    private static partial Regex Unrounded();

    [GeneratedRegex(@"^([ \t]*)fma\.rn\.f32\s+(%\w+),\s*([^,;]+),\s*([^,;]+),\s*([^,;]+);", RegexOptions.Multiline)]
    private static partial Regex Fused();

    /// <summary>With a body: a declaration alone defines nothing.</summary>
    [GeneratedRegex(@"\.func\s+(?:\([^)]*\)\s*)?(\w+)\s*\([^)]*\)\s*\{")]
    private static partial Regex Function();

    [GeneratedRegex(@"\bcall(?:\.uni)?\s+([^;]*);")]
    private static partial Regex Call();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Parentheses();

    /// <summary>A float that is 1 to 65535 times the smallest there is.</summary>
    [GeneratedRegex(@"\b0f0000(?!0000)[0-9A-Fa-f]{4}\b")]
    private static partial Regex SmallBits();
}
