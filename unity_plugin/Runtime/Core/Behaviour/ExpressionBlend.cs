namespace Sentio.Behaviour
{
    /// <summary>Eases blend-shape weights towards targets, with separate time constants for rise and fall.</summary>
    public sealed class ExpressionBlend
    {
        /// <summary>Time constant of rising weights, seconds.</summary>
        public double Attack = 0.12;

        /// <summary>Time constant of falling weights, seconds.</summary>
        public double Release = 0.35;

        /// <summary>Largest weight: extreme weights look unnatural.</summary>
        public double Most = 0.9;

        private readonly double[] _weights;

        /// <summary>For a number of shapes; all weights begin at 0.</summary>
        public ExpressionBlend(int count) { _weights = new double[count]; }

        /// <summary>How many shapes.</summary>
        public int Count { get { return _weights.Length; } }

        /// <summary>The weight of a shape now, 0..1.</summary>
        public double this[int shape] { get { return _weights[shape]; } }

        /// <summary>Takes the target weights; values that are not finite or missing fade out.</summary>
        public void Step(double dt, double[] wanted)
        {
            for (int i = 0; i < _weights.Length; i++)
            {
                double want = i < wanted.Length ? wanted[i] : 0;
                double goal = Elapsed.IsFinite(want) ? Elapsed.Clamp(want, 0, Most) : 0;
                double seconds = goal > _weights[i] ? Attack : Release;
                _weights[i] += (goal - _weights[i]) * Elapsed.Share(dt, seconds);
            }
        }
    }
}
