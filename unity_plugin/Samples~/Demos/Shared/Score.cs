using System;
using System.Collections.Generic;

namespace Sentio.Demos
{
    /// <summary>A note that begins: the instrument, the pitch (MIDI) and how loud, 0..1.</summary>
    public struct Note
    {
        /// <summary>Pad, Pluck, Bass, Kick or Hat.</summary>
        public Instrument Instrument;

        /// <summary>MIDI number; 0 for drums.</summary>
        public int Pitch;

        /// <summary>0..1.</summary>
        public float Gain;
    }

    /// <summary>What the music is played on.</summary>
    public enum Instrument
    {
        /// <summary>Long and soft.</summary>
        Pad,

        /// <summary>Short and bright.</summary>
        Pluck,

        /// <summary>Low.</summary>
        Bass,

        /// <summary>The beat.</summary>
        Kick,

        /// <summary>Between the beats.</summary>
        Hat,
    }

    /// <summary>Which notes begin at each sixteenth: layers join as the intensity grows, valence picks the mode (after
    /// Eerola, Friberg and Bresin 2013). Chords change with the bar.</summary>
    public sealed class Score
    {
        private const int Root = 48;

        private static readonly int[] Major = { 0, 2, 4, 5, 7, 9, 11 };
        private static readonly int[] Minor = { 0, 2, 3, 5, 7, 8, 10 };
        private static readonly int[] BrightChords = { 0, 5, 3, 4 };
        private static readonly int[] DarkChords = { 0, 5, 2, 6 };
        private static readonly int[] Jumps = { 0, 2, 4, 7 };

        private readonly Random _random = new Random(5);
        private bool _bright = true;

        /// <summary>Beats a minute at an intensity of 0..1.</summary>
        public static float Tempo(float intensity) { return 72 + 46 * intensity; }

        /// <summary>Adds the notes of a step.</summary>
        public void Notes(int step, float intensity, float valence, List<Note> into)
        {
            int within = step % 16, bar = step / 16;
            // Two thresholds, so that a mode does not flicker.
            if (within == 0 && bar % 2 == 0) _bright = valence > (_bright ? -0.15f : 0.1f);
            int degree = (_bright ? BrightChords : DarkChords)[bar % 4];
            if (within == 0)
                for (int third = 0; third < 3; third++) Add(into, Instrument.Pad, Pitch(degree + 2 * third, Root, 70), 0.9f - 0.25f * intensity);
            if (intensity > 0.15f && within % (intensity < 0.55f ? 4 : 2) == 0)
                Add(into, Instrument.Bass, Pitch(degree, Root - 12, 50), Ramp(0.15f, 0.5f, intensity));
            if (within % 2 == 0 && _random.NextDouble() < 0.22 + 0.6 * intensity)
                Add(into, Instrument.Pluck, Pitch(degree + Jumps[_random.Next(4)], Root + 12, 86), 0.35f + 0.45f * intensity);
            if (intensity > 0.35f && within % 4 == 0) Add(into, Instrument.Kick, 0, Ramp(0.35f, 0.65f, intensity));
            if (intensity > 0.5f && within % 2 == (intensity > 0.8f ? 0 : 1)) Add(into, Instrument.Hat, 0, Ramp(0.5f, 0.8f, intensity));
        }

        private int Pitch(int degree, int root, int below)
        {
            int pitch = root + (_bright ? Major : Minor)[degree % 7] + 12 * (degree / 7);
            return pitch < below ? pitch : pitch - 12;
        }

        private static void Add(List<Note> into, Instrument instrument, int pitch, float gain)
        {
            into.Add(new Note { Instrument = instrument, Pitch = pitch, Gain = gain });
        }

        private static float Ramp(float low, float high, float at)
        {
            float share = Math.Max(0, Math.Min(1, (at - low) / (high - low)));
            return share * share * (3 - 2 * share);
        }
    }
}
