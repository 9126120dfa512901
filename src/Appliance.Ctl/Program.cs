using System.Text;
using Appliance.Ctl;

Console.OutputEncoding = Encoding.UTF8;
return await CommandLine.Root().Parse(args).InvokeAsync();
