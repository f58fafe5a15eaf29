using System;
using Sentio.Behaviour;

namespace Sentio.Simulation
{
    /// <summary>Simulated sensors with the gaps and delays of real ones: a player looks away, is silent, moves.</summary>
    /// <remarks>In the order of <see cref="SimulatedReading.Modalities"/>. Reads no clock: time is passed to
    /// <see cref="Advance"/>. The same seed gives the same gaps.</remarks>
    internal sealed class SimulatedSensors
    {
        private const int Count = 4;
        private const double IdealAge = 0.04;

        // Seconds: mean between two gaps; shortest and longest gap; for how long the last evidence counts, as in the
        // sidecar; from a moment to its estimate.
        private static readonly double[] Between = { 25, 6, 45, 20 };
        private static readonly double[] Shortest = { 0.5, 3, 1, 1 };
        private static readonly double[] Longest = { 3, 12, 5, 4 };
        private static readonly double[] Life = { 5, 10, 5, 5 };
        private static readonly double[] Delay = { 0.2, 1, 1, 0.5 };

        private readonly double[] _left = new double[Count];
        private readonly double[] _waits = new double[Count];
        private readonly double[] _silent = new double[Count];
        private readonly Random _random;

        /// <summary>Whether there are neither gaps nor delays.</summary>
        public bool Ideal = false;

        /// <summary>With gaps of this seed.</summary>
        public SimulatedSensors(int seed)
        {
            _random = new Random(seed);
            for (int i = 0; i < Count; i++) _waits[i] = Next(i);
        }

        /// <summary>Advances by some seconds.</summary>
        public void Advance(double seconds)
        {
            for (int i = 0; i < Count; i++)
            {
                if (_left[i] > 0)
                {
                    _left[i] -= seconds;
                    _silent[i] += seconds;
                    continue;
                }
                _silent[i] = 0;
                _waits[i] -= seconds;
                if (_waits[i] > 0) continue;
                _left[i] = Shortest[i] + (Longest[i] - Shortest[i]) * _random.NextDouble();
                _waits[i] = Next(i);
            }
        }

        /// <summary>Whether a modality measures now.</summary>
        public bool Measures(int modality) { return Ideal || _left[modality] <= 0; }

        /// <summary>Seconds since a modality's newest evidence.</summary>
        public double Age(int modality) { return Ideal ? IdealAge : _silent[modality] + Delay[modality]; }

        /// <summary>How much of a modality's evidence still counts, 0..1.</summary>
        public double Freshness(int modality)
        {
            return Ideal ? 1 : Elapsed.Clamp(2 * (1 - _silent[modality] / Life[modality]), 0, 1);
        }

        private double Next(int modality) { return -Between[modality] * Math.Log(Math.Max(_random.NextDouble(), 1e-6)); }
    }
}
