using System;
using Sentio.Behaviour;

namespace Sentio.Simulation
{
    /// <summary>A simulated person: levels that ease towards targets, with noise, startle and breath.</summary>
    /// <remarks>Reads no clock: time is passed to <see cref="Advance"/>. The same seed gives the same values.</remarks>
    internal sealed class SimulatedPerson
    {
        /// <summary>Half-life of a startle in seconds.</summary>
        private const double StartleHalf = 5.0;

        /// <summary>Beats a minute that a full step of arousal adds to the heart rate.</summary>
        private const double StartleBeats = 26.0;

        /// <summary>Time constant of the mood in seconds.</summary>
        private const double MoodSeconds = 60.0;

        /// <summary>Correlation time of the noise in seconds.</summary>
        private const double NoiseSeconds = 1.2;

        /// <summary>Amplitude of the respiratory sinus arrhythmia, beats a minute.</summary>
        private const double Arrhythmia = 9.0;

        // By level: time constant in seconds (the body is slower than the face), and noise at 1.
        private static readonly double[] Ease = { 1.5, 2.5, 3, 4, 4, 5, 5, 4, 6 };
        private static readonly double[] Size = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 4, 1 };

        // Earlier values for ValueBefore: at least this many seconds apart, of the last six seconds.
        private const double PastStep = 0.025;
        private const int PastCount = 256;

        private readonly double[] _pastTimes = new double[PastCount];
        private readonly double[] _past = new double[PastCount * Scenario.Levels];
        private readonly double[] _levels = new double[Scenario.Levels];
        private readonly double[] _jitter = new double[Scenario.Levels];
        private readonly double[] _mood = new double[3];
        private readonly Random _random;
        private int _kept;
        private double _now;
        private double _startledValence, _startledArousal, _startledStress;

        /// <summary>Amount of noise, 0..1.</summary>
        public double Noise = 0.3;

        /// <summary>A person at rest.</summary>
        public SimulatedPerson(int seed)
        {
            _random = new Random(seed);
            for (int i = 0; i < Scenario.Levels; i++) _levels[i] = Scenario.Resting((Level)i);
        }

        /// <summary>Phase of the breath: 0 starts the inhale, 0.5 the exhale.</summary>
        public double Breath { get; private set; }

        /// <summary>Seconds that the person was advanced by.</summary>
        public double Time { get { return _now; } }

        /// <summary>Adds steps of valence, arousal and stress that fade over some seconds.</summary>
        public void Startle(double valence, double arousal, double stress)
        {
            _startledValence = Elapsed.Clamp(_startledValence + valence, -1, 1);
            _startledArousal = Elapsed.Clamp(_startledArousal + arousal, -1, 1);
            _startledStress = Elapsed.Clamp(_startledStress + stress, -1, 1);
        }

        /// <summary>Advances by some seconds towards the targets <paramref name="wanted"/>, one for each
        /// level.</summary>
        public void Advance(double seconds, double[] wanted)
        {
            double fade = Math.Pow(0.5, seconds / StartleHalf);
            _startledValence *= fade;
            _startledArousal *= fade;
            _startledStress *= fade;
            double keep = Math.Exp(-seconds / NoiseSeconds);
            for (int i = 0; i < Scenario.Levels; i++)
            {
                _levels[i] += (wanted[i] - _levels[i]) * (1 - Math.Exp(-seconds / Ease[i]));
                _jitter[i] = _jitter[i] * keep + Math.Sqrt(1 - keep * keep) * Gauss();
            }
            Breath = (Breath + seconds * _levels[(int)Level.BreathingRate] / 60) % 1.0;
            double share = 1 - Math.Exp(-seconds / MoodSeconds);
            for (int i = 0; i < _mood.Length; i++) _mood[i] += (Value((Level)i) - _mood[i]) * share;
            _now += seconds;
            Keep();
        }

        /// <summary>A level as it was some seconds ago; the oldest one kept if that is longer.</summary>
        public double ValueBefore(Level level, double seconds)
        {
            if (seconds <= 0 || _kept == 0) return Value(level);
            int oldest = Math.Max(0, _kept - PastCount), at = _kept - 1;
            while (at > oldest && _pastTimes[at % PastCount] > _now - seconds) at--;
            return _past[at % PastCount * Scenario.Levels + (int)level];
        }

        /// <summary>Slow valence, arousal or dominance.</summary>
        public double Mood(Level level) { return _mood[(int)level]; }

        /// <summary>A level now, within its range.</summary>
        public double Value(Level level)
        {
            double raw = _levels[(int)level] + Noise * Size[(int)level] * _jitter[(int)level];
            switch (level)
            {
                case Level.Valence: return Elapsed.Clamp(raw + _startledValence, -1, 1);
                case Level.Arousal: return Elapsed.Clamp(raw + _startledArousal, -1, 1);
                case Level.Dominance: return Elapsed.Clamp(raw, -1, 1);
                case Level.Stress: return Elapsed.Clamp(raw + _startledStress, 0, 1);
                case Level.HeartRate: return Math.Max(raw + StartleBeats * _startledArousal + Sinus(), 40);
                case Level.BreathingRate: return Elapsed.Clamp(raw, 4, 40);
                default: return Elapsed.Clamp(raw, 0, 1);
            }
        }

        private void Keep()
        {
            if (_kept > 0 && _now - _pastTimes[(_kept - 1) % PastCount] < PastStep) return;
            int at = _kept++ % PastCount;
            _pastTimes[at] = _now;
            for (int i = 0; i < Scenario.Levels; i++) _past[at * Scenario.Levels + i] = Value((Level)i);
        }

        // Respiratory sinus arrhythmia: stronger when calm and when breathing slowly.
        private double Sinus()
        {
            double slow = Elapsed.Clamp(6 / _levels[(int)Level.BreathingRate], 0.2, 1);
            return Arrhythmia * _levels[(int)Level.Relaxation] * slow * Math.Sin(2 * Math.PI * Breath);
        }

        private double Gauss()
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
            return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
        }
    }
}
