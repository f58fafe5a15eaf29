using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Finds the feed that a component means where it names none: above it, else anywhere in the scenes.</summary>
    internal sealed class FeedFinder<T> where T : SentioFeed
    {
        /// <summary>Seconds between two searches: a game without a feed shall not pay for one in every frame.</summary>
        private const double SearchSeconds = 0.5;

        private T _found;
        private double _waited = double.PositiveInfinity;

        internal T Of(T given, Component part, double dt)
        {
            if (given) return given;
            if (_found) return _found;
            _waited += Elapsed.Of(dt);
            if (_waited < SearchSeconds) return null;
            _waited = 0;
            _found = part.GetComponentInParent<T>();
            if (!_found) _found = Object.FindAnyObjectByType<T>();
            return _found;
        }
    }
}
