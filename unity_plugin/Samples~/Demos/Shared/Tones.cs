using System;

namespace Sentio.Demos
{
    /// <summary>Notes as samples, made of sines and noise; no recording is used. Mono, at <see cref="Rate"/>.</summary>
    public static class Tones
    {
        /// <summary>Samples a second.</summary>
        public const int Rate = 22050;

        /// <summary>The samples of a note, -1..1.</summary>
        public static float[] Make(Instrument instrument, int pitch)
        {
            double turn = 2 * Math.PI * 440 * Math.Pow(2, (pitch - 69) / 12.0) / Rate;
            switch (instrument)
            {
                case Instrument.Pad: return Fill(3.2, (i, share) => 0.16 * Math.Sin(Math.PI * Math.Sqrt(share))
                    * (Math.Sin(turn * i) + 0.5 * Math.Sin(1.004 * turn * i) + 0.22 * Math.Sin(2 * turn * i)));
                case Instrument.Pluck: return Fill(0.7, (i, share) => 0.22 * Fade(i, 0.16) * Math.Min(i / 60.0, 1)
                    * Math.Sin(turn * i + 1.4 * Fade(i, 0.05) * Math.Sin(2 * turn * i)));
                case Instrument.Bass: return Fill(0.5, (i, share) => 0.34 * Fade(i, 0.2) * Math.Min(i / 90.0, 1)
                    * (Math.Sin(turn * i) + 0.35 * Math.Sin(2 * turn * i)));
                case Instrument.Kick: return Kick();
                default: return Hat();
            }
        }

        private static float[] Kick()
        {
            double phase = 0;
            return Fill(0.28, (i, share) =>
            {
                phase += 2 * Math.PI * (48 + 110 * Fade(i, 0.02)) / Rate;
                return 0.55 * Math.Sin(phase) * Fade(i, 0.075);
            });
        }

        private static float[] Hat()
        {
            var random = new Random(3);
            double before = 0;
            return Fill(0.07, (i, share) =>
            {
                double noise = 2 * random.NextDouble() - 1, bright = noise - before;
                before = noise;
                return 0.11 * bright * Fade(i, 0.014);
            });
        }

        private static double Fade(int sample, double seconds) { return Math.Exp(-sample / (seconds * Rate)); }

        private static float[] Fill(double seconds, Func<int, double, double> shape)
        {
            var samples = new float[(int)(seconds * Rate)];
            for (int i = 0; i < samples.Length; i++) samples[i] = (float)shape(i, (double)i / samples.Length);
            // An end that is not silent would click.
            for (int i = 0; i < 64; i++) samples[samples.Length - 1 - i] *= i / 64f;
            return samples;
        }
    }
}
