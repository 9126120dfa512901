using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>Something that the control thread is told. Studies, series and objects are named by hashes: no patient data.</summary>
public abstract record Happening(DateTimeOffset When);

/// <summary>A study that lay in the journal at start.</summary>
public sealed record StudyFound(DateTimeOffset When, ScannedStudy Study) : Happening(When);

/// <summary>An original was stored and its C-STORE is being answered, or an original that was there came again.</summary>
public sealed record OriginalStored(DateTimeOffset When, JournalEntry Entry, Kept Kept) : Happening(When);

/// <summary>Results of ours were stored and are owed to every destination.</summary>
public sealed record ResultsStored(DateTimeOffset When, IReadOnlyList<JournalEntry> Entries) : Happening(When);

/// <summary>The series was complete and its analysis began.</summary>
public sealed record AnalysisBegan(DateTimeOffset When, string Study, string Series) : Happening(When);

/// <summary>The series needs no further work: analysed, or not for the named reason.</summary>
public sealed record SeriesSettled(DateTimeOffset When, string Study, string Series, Refusal? NotAnalysed) : Happening(When);

/// <summary>A slice came after the series was settled.</summary>
public sealed record SeriesReopened(DateTimeOffset When, string Study, string Series) : Happening(When);

/// <summary>A destination accepted an object.</summary>
public sealed record ObjectDelivered(DateTimeOffset When, string Destination, JournalEntry Entry) : Happening(When);

/// <summary>A destination will not take an object as it is.</summary>
public sealed record ObjectHeld(DateTimeOffset When, string Destination, JournalEntry Entry, Refusal Reason) : Happening(When);

/// <summary>A destination answers, or does not for the named reason.</summary>
public sealed record DestinationSeen(DateTimeOffset When, string Destination, Refusal? Down) : Happening(When);

/// <summary>An object was refused to its sender.</summary>
public sealed record ObjectRefused(DateTimeOffset When, Refusal Reason) : Happening(When);

/// <summary>An association was refused or ended otherwise than by release.</summary>
public sealed record AssociationTroubled(DateTimeOffset When, string Text) : Happening(When);

/// <summary>A study left the journal.</summary>
public sealed record StudyRemoved(DateTimeOffset When, string Study) : Happening(When);

/// <summary>A check of this machine came to an end.</summary>
public sealed record CheckEnded(DateTimeOffset When, string Name, Refusal? Failed) : Happening(When);

/// <summary>An unexpected failure that was contained: the named part goes on.</summary>
public sealed record PartFailed(DateTimeOffset When, string Part, string Failure) : Happening(When);
