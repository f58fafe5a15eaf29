// Time to stop a client from each state, and whether anything is left.
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Sentio.Bench
{
    public static class Ending
    {
        private static readonly List<double> Gone = new List<double>();
        private static double _work;

        // Seconds until a thread that the system still lists counts as left.
        private const double Patience = 5;

        /// <summary>Ports, rounds, and milliseconds from the wanted link state to the end. A wanted state Off ends at
        /// once; 'domain ...' unloads the whole domain instead of disposing.</summary>
        public static int Dispose(string wanted, List<int> numbers)
        {
            bool unload = wanted.StartsWith("domain-");
            string state = unload ? wanted.Substring("domain-".Length) : wanted;
            var costs = new List<double>();
            _work = 0;
            for (int round = 0; round < numbers[2]; round++)
                costs.Add(unload ? Unload(state, numbers) : Once(state, numbers));
            double first = costs[0];
            Program.Print("dispose", "from", wanted, "rounds", costs.Count, "first_ms", first, "p50_ms", Program.Quantile(costs, 0.5), "max_ms",
                Program.Quantile(costs, 1), "thread_gone_max_ms", Program.Quantile(Gone, 1), "threads_left", Threads(), "cpu_ms_each", _work / costs.Count);
            return Threads() == 0 ? 0 : 1;
        }

        private static Client Reach(string wanted, List<int> numbers)
        {
            var client = new Client(new ClientOptions { StatePort = numbers[0], ControlPort = numbers[1], Token = Token(), RequestTimeout = 60 });
            double end = Program.Monotonic() + 20;
            while (client.Link.ToString() != wanted)
            {
                client.Drain();
                if (Program.Monotonic() > end) throw new TimeoutException("never " + wanted + " but " + client.Link + ": " + client.LinkReason);
                Thread.Sleep(2);
            }
            for (int i = 0; i < numbers[4]; i++) client.Request("text", new Dictionary<string, object> { { "line", new string('x', 8000) } });
            for (double until = Program.Monotonic() + 0.001 * numbers[3]; Program.Monotonic() < until; Thread.Sleep(2)) client.Drain();
            return client;
        }

        private static double Once(string wanted, List<int> numbers)
        {
            Client client = Reach(wanted, numbers);
            double began = Program.Monotonic(), worked = Work();
            client.Dispose();
            double returned = 1000 * (Program.Monotonic() - began);
            // The runtime reports a thread as ended a moment before the system removes it; one that is left stays longer.
            while (client.IsRunning || (Threads() > 0 && Program.Monotonic() - began < Patience)) Thread.Yield();
            Gone.Add(1000 * (Program.Monotonic() - began));
            _work += Work() - worked;
            return returned;
        }

        /// <summary>Runs in the other domain.</summary>
        public sealed class Inside : MarshalByRefObject
        {
            private Client _client;

            public bool Enter(string wanted, int[] numbers)
            {
                _client = Reach(wanted, new List<int>(numbers));
                return _client.IsRunning;
            }
        }

        private static double Unload(string wanted, List<int> numbers)
        {
            AppDomain domain = AppDomain.CreateDomain("game");
            var inside = (Inside)domain.CreateInstanceAndUnwrap(typeof(Inside).Assembly.FullName, typeof(Inside).FullName);
            if (!inside.Enter(wanted, numbers.ToArray())) throw new InvalidOperationException("the client does not run");
            if (Threads() != 1) throw new InvalidOperationException("expected one thread of the client, got " + Threads());
            double began = Program.Monotonic(), worked = Work();
            AppDomain.Unload(domain);
            while (Threads() > 0 && Program.Monotonic() - began < Patience) Thread.Yield();
            Gone.Add(1000 * (Program.Monotonic() - began));
            _work += Work() - worked;
            return 1000 * (Program.Monotonic() - began);
        }

        // Milliseconds of a processor that this process used: what remains of a time on a machine that others use too.
        private static double Work() { return System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds; }

        private static string Token() { return Environment.GetEnvironmentVariable("SENTIO_BENCH_TOKEN") ?? ""; }

        /// <summary>Threads of this process with the client's name, as the system lists them.</summary>
        private static int Threads()
        {
            int count = 0;
            foreach (string task in Directory.GetDirectories("/proc/self/task"))
            {
                try { if (File.ReadAllText(task + "/comm").Trim() == "sentio") count++; }
                catch (IOException) { }
            }
            return count;
        }
    }
}
