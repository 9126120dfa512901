using System.Text;
using System.Text.Json;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>
/// Five hundred patients with names like no other, sent by every path: each is in what was delivered, and none is in anything that the
/// box says about itself. The same check finds one that was planted.
/// </summary>
public sealed class CanaryTests : IDisposable
{
    private const int Patients = 500;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Five_hundred_patients_are_delivered_and_nothing_that_the_box_says_names_one_of_them()
    {
        Place.Needs("storescu", "storescp", "openssl", "tar", "curl", "kill");
        string certificate = scratch["service.pem"];
        Command.Check(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=service", "-keyout", scratch["service.key"],
            "-out", certificate);
        using StoreScp pacs = new(scratch["pacs"]);
        using RunningAppliance appliance = new(
            scratch["box"], RunningAppliance.Destination("pacs", pacs.Port), ["bash", "-c", "ulimit -c 0; exec \"$@\"", "box"],
            root: $"service_certificate = \"{certificate}\"");

        // 1. Each once in order, then some broken: cut, contradicting itself, with another content under the same UID.
        string good = scratch.Make("good");
        Patient[] patients = [.. Enumerable.Range(0, Patients).Select(number => new Patient(number))];
        foreach (Patient patient in patients)
        {
            patient.Write(Path.Combine(good, $"{patient.Number:000}.dcm"));
        }

        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "+sd", "127.0.0.1", $"{appliance.Port}", good);
        SendBroken(appliance, patients);
        ReportSteps(appliance, patients);
        Ask(appliance, patients);
        JsonElement status = appliance.WaitUntilDelivered(64, TimeSpan.FromMinutes(2));
        Wait.Until(() => pacs.Files.Length >= Patients, "all delivered", TimeSpan.FromMinutes(2));

        // 2. Found where they belong.
        string delivered = string.Concat(pacs.Files.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Assert.Equal(Patients, patients.Count(patient => delivered.Contains(patient.Name, StringComparison.Ordinal)));

        // 3. Nowhere else. What was typed at the page and the socket is among it.
        Dictionary<string, string> said = Said(appliance, status);
        Bundle(appliance, said);
        Command.Check("kill", "-ABRT", $"{appliance.ProcessId}");
        Wait.Until(() => !appliance.IsAlive, "it crashed", TimeSpan.FromSeconds(20));
        said["crash"] = appliance.Output;
        Assert.Empty(Directory.GetFiles(Directory.GetCurrentDirectory(), "core*"));
        foreach ((string where, string text) in said)
        {
            Say($"{where}: {text.Length} characters");
        }

        Assert.Empty(Leaks(patients, said));
        Assert.True(said["events"].Length > 10_000 && said["metrics"].Length > 100, "there was something to look into");
    }

    [Fact]
    public void One_planted_patient_is_found_by_the_same_check()
    {
        Place.Needs("curl");
        Patient[] patients = [.. Enumerable.Range(0, Patients).Select(number => new Patient(number))];

        // A destination that somebody has called like a patient, and that is down: events and status name it.
        using RunningAppliance appliance = new(
            scratch["box"], RunningAppliance.Destination(patients[321].Id, Place.FreePort()));
        Wait.Until(() => appliance.Output.Contains("does not answer", StringComparison.Ordinal), "it is named", TimeSpan.FromSeconds(30));

        string[] leaks = [.. Leaks(patients, Said(appliance, appliance.Status()))];
        Assert.NotEmpty(leaks);
        Assert.All(leaks, leak => Assert.Contains($"patient {321} ", leak, StringComparison.Ordinal));
        Assert.Contains(leaks, leak => leak.EndsWith("events", StringComparison.Ordinal));
    }

    /// <summary>Everything that the box says about itself, by where it says so.</summary>
    private static Dictionary<string, string> Said(RunningAppliance appliance, JsonElement status)
    {
        string page = $"http://127.0.0.1:{appliance.ScreenPort}";
        string key = status.GetProperty("studies") is { } studies && studies.GetArrayLength() > 0
            ? studies[0].GetProperty("key").GetString()!
            : "none";
        return new Dictionary<string, string>
        {
            ["log"] = appliance.Output,
            ["events"] = Command.Run(Place.Ctl, "events", "--json", "--socket", appliance.Socket).Output,
            ["status"] = status.GetRawText(),
            ["studies"] = Command.Run(Place.Ctl, "studies", "list", "--json", "--socket", appliance.Socket).Output,
            ["study"] = Command.Run(Place.Ctl, "studies", "show", key, "--socket", appliance.Socket).Output,
            ["alarms"] = Command.Run(Place.Ctl, "alarms", "list", "--socket", appliance.Socket).Output,
            ["latency"] = Command.Run(Place.Ctl, "latency", "--json", "--socket", appliance.Socket).Output,
            ["metrics"] = Command.Run("curl", "-s", "--unix-socket", appliance.Socket, "http://localhost/metrics").Output,
            ["page"] = Command.Run("curl", "-s", $"{page}/").Output + Command.Run("curl", "-s", $"{page}/v1/status").Output
                + Command.Run("curl", "-s", $"{page}/v1/screen").Output + Command.Run("curl", "-s", $"{page}/v1/studies/{key}").Output,
            ["watch"] = Command.Run("curl", "-s", "-m", "2", $"{page}/v1/watch").Output,
        };
    }

    private static IEnumerable<string> Leaks(IEnumerable<Patient> patients, Dictionary<string, string> said) =>
        from patient in patients
        from place in said
        where patient.Marks.Any(mark => place.Value.Contains(mark, StringComparison.OrdinalIgnoreCase))
        select $"patient {patient.Number} in {place.Key}";

    private void SendBroken(RunningAppliance appliance, Patient[] patients)
    {
        string broken = scratch.Make("broken");
        foreach (Patient patient in patients.Where(each => each.Number % 5 == 0))
        {
            string path = Path.Combine(broken, $"{patient.Number:000}.dcm");
            patient.Write(path);
            byte[] bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, (patient.Number % 3) switch
            {
                // Other pixels under the same UID: a conflict.
                0 => [.. bytes[..^1], (byte)~bytes[^1]],
                // The pixels end early.
                1 => bytes[..^1000],
                // A length in the patient's name that reaches behind the end.
                _ => Lying(bytes),
            });
        }

        Command.Run("storescu", "--no-halt", "-aec", RunningAppliance.AeTitle, "+sd", "127.0.0.1", $"{appliance.Port}", broken);
    }

    /// <summary>A modality of another make says what it does with whom (PS3.4 annex F), rightly and wrongly.</summary>
    private void ReportSteps(RunningAppliance appliance, Patient[] patients)
    {
        string peers = Path.Combine(Place.Root, "tests", "peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules")) || Place.FindProgram("node") is null)
        {
            Say("no procedure steps were reported: npm ci --prefix tests/peers");
            return;
        }

        IEnumerable<string> steps = patients.Where(each => each.Number % 10 == 3).SelectMany(patient => new[]
        {
            patient.Step("create", "IN PROGRESS"), patient.Step("create", "IN PROGRESS"), patient.Step("set", "COMPLETED"),
            patient.Step("set", "NONSENSE"),
        });
        File.WriteAllText(scratch["steps.json"], $"[{string.Join(',', steps)}]");
        string answers = Command.Run(
            "node", Path.Combine(peers, "normalized.js"), "mpps", "127.0.0.1", $"{appliance.Port}", scratch["steps.json"]).Output;
        Assert.Contains("\"status\":0", answers, StringComparison.Ordinal);
        Say($"{answers.Split('\n').Length - 1} procedure steps were answered");
    }

    private static byte[] Lying(byte[] bytes)
    {
        int name = bytes.AsSpan().IndexOf("\x10\0\x10\0PN"u8);
        bytes[name + 7] = 0x7F;
        return bytes;
    }

    /// <summary>Somebody types names where keys belong, and asks for what there is.</summary>
    private static void Ask(RunningAppliance appliance, Patient[] patients)
    {
        foreach (string verb in new[] { "resend", "reanalyse", "cancel", "show" })
        {
            Command.Run(Place.Ctl, "studies", verb, patients[7].Id, "--socket", appliance.Socket);
        }

        Command.Run(Place.Ctl, "alarms", "ack", patients[8].Name, "--socket", appliance.Socket);
        Command.Run(Place.Ctl, "dest", "echo", patients[9].Id, "--socket", appliance.Socket);
        Command.Run(Place.Ctl, "config", "set", "nowhere.key", patients[10].Id, "--socket", appliance.Socket);
        Command.Run("curl", "-s", $"http://127.0.0.1:{appliance.ScreenPort}/v1/studies/{patients[11].Id}");

        // As titles of a caller and of who is called: both come from outside.
        Command.Run("echoscu", "-aet", patients[12].Id, "-aec", patients[13].Id, "127.0.0.1", $"{appliance.Port}");
    }

    private void Bundle(RunningAppliance appliance, Dictionary<string, string> said)
    {
        Command.Check(Place.Ctl, "bundle", "--out", scratch["bundle.pem"], "--socket", appliance.Socket);
        Command.Check(
            "openssl", "cms", "-decrypt", "-inform", "PEM", "-in", scratch["bundle.pem"], "-inkey", scratch["service.key"], "-out",
            scratch["bundle.tgz"]);
        said["bundle"] = Command.Check("tar", "-xOzf", scratch["bundle.tgz"]);
        said["bundle, listed"] = Command.Check("tar", "-tvzf", scratch["bundle.tgz"]);
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    /// <summary>One patient, with marks that stand in no word of ours.</summary>
    private sealed class Patient(int number)
    {
        public int Number { get; } = number;

        public string Id { get; } = $"QZX{number:000}VWK";

        public string Name { get; } = $"Qvzx{number:000}^Wkjq{number:000}";

        private string Accession => $"ACQ{Number:000}ZXJ";

        private string StudyUid => $"1.2.826.0.1.3680043.9.7.777{Number:000}555.1";

        /// <summary>Any of these anywhere is a leak; a UID names a patient to whoever has the archive.</summary>
        public IEnumerable<string> Marks => [Id, $"Qvzx{Number:000}", $"Wkjq{Number:000}", Accession, StudyUid];

        /// <summary>A procedure step of the patient, for tests/peers/normalized.js.</summary>
        public string Step(string verb, string status) => $$"""
            {"verb": "{{verb}}", "uid": "{{StudyUid}}.9", "attributes": {
              "PatientName": "{{Name}}", "PatientID": "{{Id}}", "PerformedProcedureStepStatus": "{{status}}",
              "PerformedProcedureStepID": "{{Id}}", "PerformedStationAETitle": "CT1", "Modality": "CT",
              "PerformedProcedureStepDescription": "of {{Name}}", "PerformedProcedureStepStartDate": "20261124",
              "PerformedProcedureStepStartTime": "120000", "ScheduledStepAttributesSequence": [{
                "StudyInstanceUID": "{{StudyUid}}", "AccessionNumber": "{{Accession}}" }] } }
            """;

        public void Write(string path)
        {
            string instance = $"{StudyUid}.3";
            byte[] data = SmallObject.Make(StudyUid, $"{StudyUid}.2", instance, new SmallObject.Person(Name, Id, Accession, Number));
            SmallObject.WriteFile(path, data, instance);
        }
    }
}
