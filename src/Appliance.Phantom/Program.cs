using System.CommandLine;
using System.Text;
using Appliance.Phantom.Commands;

Console.OutputEncoding = Encoding.UTF8;
RootCommand root = new("Phantom CT series: makes them, sends them like a scanner, and measures segmentations against their truth.")
{
    MakeCommand.Create(), new SendCommand().Create(), DiceCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
