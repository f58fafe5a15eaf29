namespace Sentio.Simulation
{
    /// <summary>A scenario of a simulated person: targets over time.</summary>
    /// <remarks>Keyframes are interpolated smoothly and repeated. A value that a keyframe omits (NaN) is at
    /// rest.</remarks>
    internal sealed class Scenario
    {
        /// <summary>Number of levels.</summary>
        public const int Levels = 9;

        private const double No = double.NaN;

        private static readonly double[] AtRest = { 0.15, -0.35, 0.1, 0.18, 0.35, 0.65, 0.4, 64, 12 };

        private readonly double[] _times;
        private readonly double[][] _keys;

        // Levels in the order of the enumeration: valence, arousal, dominance, stress, engagement, relaxation, focus,
        // heart rate, breathing rate.
        private Scenario(string name, double[] times, params double[][] keys)
        {
            Name = name;
            _times = times;
            _keys = keys;
        }

        /// <summary>Its name.</summary>
        public string Name { get; private set; }

        /// <summary>At rest.</summary>
        public static Scenario Rest()
        {
            return new Scenario("rest", new double[] { 0, 40, 80 },
                Keys(),
                Keys(0.25, No, No, No, No, 0.72),
                Keys());
        }

        /// <summary>Stress that rises, stays and falls.</summary>
        public static Scenario Stress()
        {
            return new Scenario("stress", new double[] { 0, 12, 32, 60 },
                Keys(No, -0.1),
                Keys(-0.45, 0.6, -0.35, 0.8, 0.7, 0.12, No, 98, 18),
                Keys(-0.6, 0.75, -0.5, 0.9, 0.75, 0.08, No, 106, 20),
                Keys(No, -0.1));
        }

        /// <summary>Joy.</summary>
        public static Scenario Joy()
        {
            return new Scenario("joy", new double[] { 0, 8, 30, 44 },
                Keys(0.3, 0),
                Keys(0.8, 0.5, 0.4, 0.12, 0.85, 0.5, 0.6, 82, 15),
                Keys(0.7, 0.35, 0.35, 0.1, 0.8, 0.55, 0.6, 78),
                Keys(0.3, 0));
        }

        /// <summary>Boredom.</summary>
        public static Scenario Boredom()
        {
            return new Scenario("boredom", new double[] { 0, 25, 70 },
                Keys(No, No, No, No, 0.3),
                Keys(-0.25, -0.7, No, 0.2, 0.08, 0.5, 0.12, 60, 11),
                Keys(No, No, No, No, 0.3));
        }

        /// <summary>From stress to calm with slow breathing.</summary>
        public static Scenario Recovery()
        {
            return new Scenario("recovery", new double[] { 0, 20, 50, 110, 125 },
                Keys(-0.35, 0.5, -0.2, 0.72, 0.55, 0.2, No, 92, 16),
                Keys(0.1, 0.05, No, 0.4, 0.55, 0.55, 0.6, 76, 6),
                Keys(0.45, -0.4, 0.3, 0.1, 0.6, 0.9, 0.7, 64, 6),
                Keys(0.5, -0.45, 0.3, 0.08, 0.6, 0.92, 0.7, 62, 6),
                Keys(-0.35, 0.5, -0.2, 0.72, 0.55, 0.2, No, 92, 16));
        }

        /// <summary>A level's value at rest.</summary>
        public static double Resting(Level level) { return AtRest[(int)level]; }

        /// <summary>Writes the targets at a time after the start into <paramref name="wanted"/>.</summary>
        public void At(double seconds, double[] wanted)
        {
            double time = seconds % _times[_times.Length - 1];
            int next = 1;
            while (_times[next] < time) next++;
            double share = (time - _times[next - 1]) / (_times[next] - _times[next - 1]);
            share = share * share * (3 - 2 * share);
            for (int i = 0; i < Levels; i++)
            {
                double before = Known(next - 1, i), after = Known(next, i);
                wanted[i] = before + (after - before) * share;
            }
        }

        private double Known(int key, int level)
        {
            double value = _keys[key][level];
            return double.IsNaN(value) ? AtRest[level] : value;
        }

        private static double[] Keys(params double[] given)
        {
            var all = new double[Levels];
            for (int i = 0; i < Levels; i++) all[i] = i < given.Length ? given[i] : No;
            return all;
        }
    }
}
