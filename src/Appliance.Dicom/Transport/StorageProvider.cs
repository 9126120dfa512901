using System.Net;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;

namespace Appliance.Dicom.Transport;

/// <summary>Who is on the other side of an association, and what was agreed.</summary>
/// <param name="Id">Counts connections from 1, for logs and events.</param>
/// <param name="CallingAeTitle">Empty until the peer has named itself.</param>
public sealed record Association(long Id, IPEndPoint Remote, string CallingAeTitle, string CalledAeTitle)
{
    public string ImplementationClassUid { get; init; } = "";

    public string ImplementationVersion { get; init; } = "";

    public IReadOnlyList<AcceptedContext> Contexts { get; init; } = [];
}

/// <summary>What a server asks of its owner. Every member may be called from several associations at a time.</summary>
public sealed record StorageProvider
{
    /// <summary>
    /// After the policy has taken a request: null to accept, or for instance <see cref="AssociateReject.LocalLimit"/> on low disk.
    /// </summary>
    public Func<AssociateRequest, IPEndPoint, AssociateReject?> Accept { get; init; } = static (_, _) => null;

    /// <summary>
    /// One C-STORE. Called when its command has arrived; the data set is read from the request while it arrives. The response
    /// goes out when the task completes, with its status. Bytes that were not read by then are passed over. The token is
    /// cancelled when the server stops. Exceptions abort the association and go to <see cref="Faulted"/>.
    /// </summary>
    public required Func<StoreRequest, CancellationToken, ValueTask<Status>> Store { get; init; }

    /// <summary>Normalized services beside storage; null: none.</summary>
    public NormalizedProvider? Normalized { get; init; }

    /// <summary>An association was accepted. This and what follows must not throw.</summary>
    public Action<Association> Opened { get; init; } = static _ => { };

    /// <summary>An association, or a connection that never became one, is over. Called once for each.</summary>
    public Action<Association, AssociationEnd> Closed { get; init; } = static (_, _) => { };

    /// <summary>A callback threw; the association was aborted.</summary>
    public Action<Association, Exception> Faulted { get; init; } = static (_, _) => { };
}
