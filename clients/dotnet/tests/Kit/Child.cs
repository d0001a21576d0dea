using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Kit
{
    /// <summary>A program of this folder, run in a process of its own.</summary>
    internal sealed class Child : IDisposable
    {
        public const int Interrupt = 2;
        public const int Kill = 9;

        private readonly Process process;
        private readonly StringBuilder stdout = new StringBuilder();
        private readonly StringBuilder stderr = new StringBuilder();

        public Child(string program, string address, string arguments, params string[] variables)
        {
            string folder = AppDomain.CurrentDomain.BaseDirectory;
            ProcessStartInfo start = new ProcessStartInfo("mono", Path.Combine(folder, program) + " " + arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetDirectoryName(Path.Combine(folder, program)),
            };
            start.EnvironmentVariables["BLUETAP_TRANSPORT"] = address;
            start.EnvironmentVariables.Remove("BLUETAP_DEVICE");
            foreach (string variable in variables)
            {
                start.EnvironmentVariables[variable.Split('=')[0]] = variable.Split('=')[1];
            }

            process = Process.Start(start);
            process.OutputDataReceived += (sender, line) => Add(stdout, line.Data);
            process.ErrorDataReceived += (sender, line) => Add(stderr, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public StreamWriter Stdin => process.StandardInput;

        public string Stdout => stdout.ToString();

        public string Stderr => stderr.ToString();

        public void Signal(int signal)
        {
            Must.Equal(0, kill(process.Id, signal), "the signal is sent");
        }

        /// <summary>Waits for the end, and returns the exit code.</summary>
        public int Wait()
        {
            Must.Hold(process.WaitForExit((int)Must.Limit.TotalMilliseconds), "the program ends");

            // Without this call, the last lines can be missing.
            process.WaitForExit();
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }

        private static void Add(StringBuilder text, string line)
        {
            if (line != null)
            {
                lock (text)
                {
                    text.Append(line).Append('\n');
                }
            }
        }

        [DllImport("libc")]
        private static extern int kill(int process, int signal);
    }
}
