using System;
using System.Reflection;

namespace Bluetap
{
    /// <summary>The command bluetap. docs/reference/cli.md has its options, its JSON and its exit codes.</summary>
    internal static class Program
    {
        private static int Main(string[] words)
        {
            try
            {
                return Run(words);
            }
            catch (Failure failure)
            {
                Output.Note("bluetap: " + failure.Message);
                return failure.ExitCode;
            }
            catch (Exception error)
            {
                Output.Note("bluetap: an unexpected error: please report it with these lines");
                Output.Note(error.ToString().Split('\n'));
                return ExitCodes.UnknownException;
            }
        }

        private static int Run(string[] words)
        {
            string first = words.Length == 0 ? string.Empty : words[0];
            switch (first)
            {
                case "pay":
                case "cancel":
                case "status":
                case "info":
                    return SessionCommand.Run(first, words);
                case "list":
                    return ListCommand.Run(words);
                case "--lines":
                    return LinesCommand.Run(words);
                case "--version":
                    Output.Print(Assembly.GetExecutingAssembly()
                        .GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion);
                    return ExitCodes.Ok;
                case "--help":
                case "-h":
                case "help":
                    Output.Print(Help.Of(words.Length > 1 ? words[1] : string.Empty));
                    return ExitCodes.Ok;
                case "":
                    Output.Note(Help.Of(string.Empty));
                    return ExitCodes.Usage;
                default:
                    throw new Failure(ExitCodes.Usage, "unknown command '" + first + "'", "bluetap --help");
            }
        }
    }
}
