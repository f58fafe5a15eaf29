// The figures of the Unity client under Mono: Bench.exe SUITE [NUMBER ...]; one line of JSON for each figure.
// Run by bench.py, which also provides the peers of the suites.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Sentio.Bench
{
    public static class Program
    {
        public static int Main(string[] arguments)
        {
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
            System.Threading.Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
            var numbers = new List<int>();
            for (int i = arguments[0] == "dispose" ? 2 : 1; i < arguments.Length; i++) numbers.Add(int.Parse(arguments[i]));
            switch (arguments[0])
            {
                case "decode": return Decoding.Run(numbers[0]);
                case "flood": return Traffic.Flood(numbers[0], numbers[1], numbers[2]);
                case "latency": return Traffic.Latency(numbers[0], numbers[1], numbers[2]);
                case "drain": return Traffic.Drain(numbers[0], numbers[1], numbers[2]);
                case "links": return Traffic.Links(numbers[0], numbers[1]);
                case "dispose": return Ending.Dispose(arguments[1], numbers);
                case "malformed": return Malformed.Run(numbers[0]);
                default: throw new ArgumentException("no suite " + arguments[0]);
            }
        }

        /// <summary>A file of the golden vectors.</summary>
        public static byte[] Vector(string name)
        {
            return File.ReadAllBytes(Path.Combine(Environment.GetEnvironmentVariable("SENTIO_VECTORS"), name));
        }

        /// <summary>Seconds of the machine's monotonic clock, the one that Python's time.monotonic reads on
        /// Linux.</summary>
        public static double Monotonic() { return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency; }

        /// <summary>The value below which a share of the values lies.</summary>
        public static double Quantile(List<double> values, double share)
        {
            values.Sort();
            return values.Count == 0 ? double.NaN : values[Math.Min(values.Count - 1, (int)(share * values.Count))];
        }

        /// <summary>Prints one line: name, number, name, number ...</summary>
        public static void Print(string suite, params object[] pairs)
        {
            string line = "{\"suite\": \"" + suite + "\"";
            for (int i = 0; i + 1 < pairs.Length; i += 2)
            {
                object value = pairs[i + 1];
                bool quoted = value is string;
                string text = value is double ? ((double)value).ToString("0.####", CultureInfo.InvariantCulture) : value.ToString();
                line += ", \"" + pairs[i] + "\": " + (quoted ? "\"" + text + "\"" : text);
            }
            Console.Out.WriteLine(line + "}");
            Console.Out.Flush();
        }
    }
}
