using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;

namespace Appliance.Daemon;

/// <summary>The presentation contexts of one association with a destination, and what they were made for.</summary>
public sealed class Proposal
{
    private readonly HashSet<(string SopClass, string Syntax)> pairs = [];

    /// <param name="objects">What is to be sent, the most urgent first.</param>
    /// <param name="results">SOP classes of what we make ourselves: it follows every analysed series on the same association.</param>
    public Proposal(IEnumerable<MetaOfFile> objects, IEnumerable<string> results)
    {
        List<PresentationContextRequest> requests = [];
        foreach ((string sopClass, TransferSyntax syntax) in objects.Select(meta => (meta.SopClassUid, meta.Syntax))
            .Concat(results.Select(uid => (uid, TransferSyntax.ExplicitLittleEndian))))
        {
            if (requests.Count >= Limits.ProposedContexts)
            {
                break;
            }

            // One syntax for each context: the answer then says of each whether it is taken.
            foreach (TransferSyntax offered in new[] { syntax, TransferSyntax.ExplicitLittleEndian, TransferSyntax.ImplicitLittleEndian })
            {
                if (pairs.Add((sopClass, offered.Uid)))
                {
                    requests.Add(new PresentationContextRequest(sopClass, offered));
                }
            }
        }

        Requests = requests;
    }

    public IReadOnlyList<PresentationContextRequest> Requests { get; }

    /// <summary>Whether an object of that class in that syntax was thought of; otherwise a new association is needed for it.</summary>
    public bool Covers(MetaOfFile meta) => pairs.Contains((meta.SopClassUid, meta.Syntax.Uid));
}
