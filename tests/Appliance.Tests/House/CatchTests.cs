using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>Whoever catches everything hides defects. Only a loop that must outlive one bad piece of work may, and is named here.</summary>
public sealed class CatchTests
{
    /// <summary>File and the reason why its loop must outlive a failure.</summary>
    private static readonly Dictionary<string, string> WorkerLoops = new(StringComparer.Ordinal)
    {
        ["src/Appliance/AnalysisThread.cs"] = "a defect costs the analysis of one series, never the study",
        ["src/Appliance.Imaging/NetworkThreads.cs"] = "a network that fails costs its series; the thread goes on with the others'",
        ["src/Appliance/CommandWork.cs"] = "a defect costs a command, which says so, never the studies",
        ["src/Appliance/Notices.cs"] = "a defect costs the picture that says what failed, never the process",
        ["src/Appliance/PictureThread.cs"] = "a defect costs the pictures of one series, never the next one's",
        ["src/Appliance/Screen/Painter.cs"] = "a defect costs a picture of the page, never the study",
        ["src/Appliance.Dicom/Transport/AssociationServer.cs"] = "what fails in one association must not take the others along",
    };

    [Fact]
    public void Nobody_catches_everything_outside_the_worker_loops() =>
        Rule.Kept(SourceFile.Shipped.SelectMany(f => Broad(f, WorkerLoops.Keys)));

    [Fact]
    public void Every_worker_loop_that_is_named_is_there() =>
        Rule.Kept(WorkerLoops.Keys
            .Where(path => !SourceFile.All.Any(f => f.Path == path && Broad(f, []).Any()))
            .Select(path => $"{path} catches nothing broadly any more: take it off the list"));

    [Theory]
    [InlineData("catch (Exception) { }")]
    [InlineData("catch (Exception e) { _ = e; }")]
    [InlineData("catch (System.Exception) { }")]
    [InlineData("catch { }")]
    public void The_rule_can_fail(string clause)
    {
        Rule.Breaks(Broad(SourceFile.Of($"class A {{ void B() {{ try {{ }} {clause} }} }}"), []), "Snippet.cs:1");
    }

    [Theory]
    [InlineData("catch (IOException) { }")]
    [InlineData("catch (Exception e) when (e is IOException) { }")]
    [InlineData("catch { B(); throw; }")]
    [InlineData("finally { }")]
    public void Named_exceptions_and_cleaning_up_pass(string clause)
    {
        Assert.Empty(Broad(SourceFile.Of($"class A {{ void B() {{ try {{ }} {clause} }} }}"), []));
    }

    private static IEnumerable<string> Broad(SourceFile file, IEnumerable<string> loops)
    {
        foreach (CatchClauseSyntax clause in file.Nodes<CatchClauseSyntax>())
        {
            bool everything = clause.Declaration is null || clause.Declaration.Type.ToString() is "Exception" or "System.Exception";
            bool passedOn = clause.Block.Statements.LastOrDefault() is ThrowStatementSyntax { Expression: null };
            if (everything && clause.Filter is null && !passedOn && !loops.Contains(file.Path))
            {
                yield return $"{file.At(clause)}: name the exceptions, or name the loop in CatchTests with its reason";
            }
        }
    }
}
