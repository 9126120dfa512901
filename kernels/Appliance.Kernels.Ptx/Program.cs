using Appliance.Kernels.Ptx;

// appliance-kernels-ptx FOLDER: writes one PTX file for each kernel and architecture, and the launch table, into FOLDER.
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Appliance.Kernels.Ptx FOLDER");
    return 64;
}

// 1. Everything is compiled before anything is written: a failed build leaves the last good set.
IReadOnlyList<KernelType> kernels = KernelType.All();
List<(string Name, string Text)> files = [];
List<string> rows = [];
List<string> errors = [];
foreach (KernelType kernel in kernels)
{
    foreach (Architecture architecture in Architecture.All)
    {
        try
        {
            string ptx = PtxText.Compile(kernel, architecture);
            files.Add(($"{kernel.Name}.{architecture.Name}.ptx", ptx));
            rows.Add(LaunchRow.Of(kernel, architecture, ptx));
        }
        catch (KernelRefusedException refused)
        {
            errors.Add($"Appliance.Kernels.Ptx : error KRN001: kernel {kernel.Name}: {refused.Message}");
        }
    }
}

// 2. The form of MSBuild's errors: each shows up in the build's own list.
foreach (string error in errors.Distinct())
{
    Console.Error.WriteLine(error);
}

if (errors.Count > 0)
{
    return 1;
}

// 3. The table last: its time stamp says that the set is complete.
string folder = Directory.CreateDirectory(args[0]).FullName;
foreach (string old in Directory.GetFiles(folder, "*.ptx"))
{
    File.Delete(old);
}

foreach ((string name, string text) in files)
{
    File.WriteAllText(Path.Combine(folder, name), text);
}

File.WriteAllText(Path.Combine(folder, "launch.tsv"), string.Concat(rows.Prepend(LaunchRow.Header).Select(row => row + "\n")));
return 0;
